"""Every number that search and abstention are tuned with, each with the reason for its value.

The scores' weights were set by hand, one after the other, and kept where more of the questions in
`knowledge/evaluation/` came out right than before; `stadtlotse evaluate conversations` counts them. The weights of the
confidence are fitted to whether the best passage answered.
"""

# How many passages each of the two rankings puts forward.
CANDIDATES = 60

# How many passages an answer chooses from.
HITS = 10

# e5 cosines lie close together: what has nothing to do with a question still scores about the floor.
COSINE_FLOOR = 0.74
COSINE_CEILING = 0.92

# What a passage's nearness to the mean question takes from its nearness to a question, and how near it usually is.
HUBNESS = 0.3
USUAL_HUB = 0.8
# Words of a window, and what its cosine counts against that of its whole passage.
WINDOW_WORDS = 45
SHARE_OF_WINDOW = 0.6

# Weights of the signals in a passage's score, all scaled to 0…1. With .5 instead of .45 for the dense one MRR@10 over
# municipal pages is .782 instead of .778, R@1 of English questions over German paragraphs .894 instead of .891; with
# .55 R@5 over the pages falls.
WEIGHT_DENSE = 0.5
WEIGHT_LEXICAL = 0.20
WEIGHT_COVERAGE = 0.08
# Among the facts and passages on a programme that is named, which all lie near, words tell more.
WEIGHT_LEXICAL_NAMED = 0.10
WEIGHT_COVERAGE_NAMED = 0.45
# Of words and their coverage where question and passage are in different languages: names and numbers are left.
WORDS_ACROSS_LANGUAGES = 0.15
WEIGHT_ATTRIBUTE = 0.15
# Which attribute a fact tells says little where the question names no programme.
WEIGHT_ATTRIBUTE_ALONE = 0.05
# A fact tells its programme's matter in one sentence; documents repeat it in passing.
BONUS_FACT = 0.12
# A passage holds all words of a question, among them one that few passages hold.
BONUS_IN_FULL = 0.1
# A passage in the other language holds a name of the question that none in the question's own language does.
BONUS_NAMED_ACROSS = 0.3
# Quotes in the reader's own language come first where both languages say the same.
BONUS_LANGUAGE = 0.01
# Of several facts on one attribute a sheet tells the general one first.
BONUS_FIRST = 0.02
# Only among the candidates when the question asks what a programme is.
BONUS_PROFILE = 0.5
# Passages on the programme asked about lead; those on others alone come last, general ones in between.
BONUS_FOCUS = 0.25
PENALTY_OTHER_PROGRAMME = 0.35
PENALTY_NO_PROGRAMME = 0.10
# A year or number of the question that a passage lacks speaks against it.
PENALTY_MISSING_NUMBER = 0.12
# A passage without anything of the type that is asked for (a sum, a date, a telephone number) does not answer.
PENALTY_OTHER_TYPE = 0.08
# Another round, stage or line than the one asked for does so more strongly.
PENALTY_OTHER_ORDINAL = 0.2
# A fact that gives the number of the things that are to be counted answers before those that name them in passing.
BONUS_COUNTED = 0.15
# When and where an event was is told by the fact on it before any report on it.
BONUS_OF_EVENT = 0.25
# What a programme does in one town or Land gives way to what it does in all, where no place is asked about, and what is
# told of one thing of it to what is told of the one asked about.
PENALTY_BESIDE = 0.15
# What held once gives way to what holds, unless a year or the past is asked for.
PENALTY_FORMER = 0.15

# A part of a compound is a weaker sign than the whole word.
PART_OF_COMPOUND = 0.8
# So is a compound that a passage has of the word, which does not count what the word counts ('Datensatz' in
# 'Originaldatensatz').
IN_COMPOUND = 0.75
# A document of a place need not name it in each passage.
OF_PLACE = 0.8
# A word of the same meaning is nearly as good as the word itself.
SYNONYM = 0.9
# The previous question's words count less than the follow-up's own.
PREVIOUS_QUESTION = 0.35
# The words that say which thing of a programme is talked about count as much as its own: so many times as much.
FOCUS_SHARE = 2.9
# Less so where the follow-up says by itself what it asks.
PREVIOUS_IN_PASSING = 0.4

# Of the hits so many are weighed by what would be quoted of them: the share of the question's words in the sentence
# that holds what is asked for counts so much. Of 90 questions over foreign documents 8 more come first, of 200 of the
# own set none less.
WEIGHED = 4
WEIGHT_BESIDE = 0.15
# Across languages names and words of which both are known to mean the same are left of them.
BESIDE_ACROSS = 0.5
# Among the facts on a programme named, words count for much already.
WEIGHT_BESIDE_NAMED = 0.04

# Further sources are shown when they score at least this share of the first.
FURTHER_SHARE = 0.70
FURTHER_SOURCES = 2

# Logistic regression on some 1,750 questions over the starter library and over other municipal texts, answerable or
# not: the weights of nearness, lead, coverage, attribute, missing number, across languages (see `confidence.Signals`).
# Of nearness a third was then given to lead; and lead half as much again where no programme is named, whose facts all
# lie near: AUROC over municipal pages .79, .806, .809 in German and .669, .680 in English.
CONFIDENCE_BIAS = -4.5
CONFIDENCE_WEIGHTS = (2.5, 12.0, 4.35, 1.05, -2.15, 3.65)
CONFIDENCE_BIAS_NAMED = -4.15
CONFIDENCE_WEIGHTS_NAMED = (2.5, 8.0, 4.35, 1.05, -2.15, 3.65)
# A second passage of documents is quoted beside the first when its score is so near.
RIVAL = 0.04
# Below this the bot says that it does not know.
THRESHOLD = 0.5

# A question is taken for a new subject when it is answered better by itself, by so much, than on the last subject.
NEW_SUBJECT_LEAD = 0.25

# The answer to a second question of one sentence is added when it is as sure as this.
SECOND_PART_THRESHOLD = 0.5

# How much words that no passage holds lower the confidence of an answer on a programme.
UNKNOWN_OFF_SUBJECT = 0.6

# A question that the dialogue takes for one on other matters is answered only where the answer is as sure as this.
OUT_OF_SCOPE_THRESHOLD = 0.85
# Of what is told of the programme talked about less will do.
OUT_OF_SCOPE_ON_SUBJECT = 0.7

# What is left of the confidence where the passage lacks the question's year; its round, stage or line; or, where the
# question asks for a rate, sum or deadline and names no known programme, most of its words.
DOUBT_OTHER_YEAR = 0.5
DOUBT_OTHER_ORDINAL = 0.5
# So sure is what was told last where it holds what a short remark asks on.
TOLD_AGAIN = 0.6
# What is left where another thing of the programme is told of than the one that is talked about.
DOUBT_OTHER_THING = 0.4
# What is left where a Land is asked about that neither the programme nor what would be quoted is of.
DOUBT_OTHER_LAND = 0.5
DOUBT_NO_PROGRAMME = 0.5
# What is left where what would be quoted holds nothing of the type asked for: no sum, no date, no name. Of 50
# unanswerable questions over foreign documents 38 are declined with it.
DOUBT_OTHER_TYPE = 0.45
# What is left where a sum or share is asked for and most of what it is asked of stands not in the passage.
DOUBT_OTHER_SUM = 0.5
# So much of the question must the sentence hold in which a document names a sum.
BESIDE_SUM = 0.35
# What is left where the things to be counted are named nowhere in the passage or above it.
DOUBT_UNCOUNTED = 0.5
# What is left where a document tells nothing of what the question says was done: of somebody else's building, say.
DOUBT_UNDONE = 0.5
# What is left across languages where the passage lacks a word of the question that only the other language's passages
# hold ("how many people sit on the Fachbeirat"), if there are so many passages in the question's own.
DOUBT_UNNAMED = 0.5
ENOUGH_TO_KNOW_WORDS = 100
# What is left where an attribute of a programme is asked for and the fact found tells another, with none of the words.
DOUBT_OTHER_ATTRIBUTE = 0.5
# What is left where a remark on the subject asks for no attribute and the passage lacks most of its words: that the
# subject lies near is no answer ("auch Landkreise?").
DOUBT_REMARK = 0.5
CONTENT_NEEDED = 0.5
# Across languages names and words that both have are all that a passage can share with the question.
CONTENT_NEEDED_ACROSS = 0.35

# A profile that names whose money it is answers who pays, in whatever words that is asked.
TOLD_BY_PROFILE = 0.9

# So sure is a sentence that says what a word means, where that was asked for.
EXPLAINED = 0.9
# So sure is at least a sentence of a document that holds what is asked for and all words of the question, this share of
# them, among them one that so few passages hold: that its passage is about much else takes nothing from it.
TOLD_IN_FULL = 0.6
IN_FULL = 0.95
RARE = 5
# So sure is what says that something is there for municipalities, where one of a kind asks ('auch Landkreise?').
TOLD_OF_ALL = 0.6
# What is left where the difference between two things is asked for and the passage speaks of one at most.
DOUBT_ONE_SIDE = 0.5

# A pronoun keeps the subject where the answer on it is at least as sure as this.
POINTING_THRESHOLD = 0.3

# So sure must an answer on another subject be, where the question names a programme that has none.
NAMED_IN_PASSING_THRESHOLD = 0.6
# Where it is the very passage that was found for the programme, that one must have been so sure: what was asked of the
# programme stands nowhere in it otherwise. Of the own questions the least sure that is answered so has .17.
NAMED_AT_LEAST = 0.15
# What is found on the programme lacks the question's rarest word, where it holds no more of it than this leaves.
RAREST_MISSING = 0.9
# A fact on something else than what a question names, no programme known, lacks so rare a word of its name.
MISSING_OF_NAME = 0.75

# Documents are compared by their three-word sequences (Jaccard). Twins of two formats have .77 to 1.0 in common, a text
# of 600 words with five sentences changed .8; two versions of a handbook that was written anew .23, different documents
# on one subject at most .19.
SAME_DOCUMENT = 0.6
# What texts without a common title or file name must have in common, and short ones: there it may be boilerplate.
SAME_WITHOUT_NAME = 0.85
SHORT_DOCUMENT = 120
# Versions of one title and different dates: so many sequences, and so many of their words other than figures.
SAME_VERSION = 0.4
SAME_WORDS_OF_VERSIONS = 0.75
# Minutes, calls and mails are written after a pattern; those of the next meeting are not the same.
SAME_RECURRING = 0.93
# Titles that tell two documents apart (Steckbrief Köln, Steckbrief Bonn) count more than all but the very same text.
SAME_IN_SERIES = 0.995
# From here on two texts are the same: what differs is how their formats are read.
SAME_TEXT = 0.98
# A word that makes up this share of a text, and that its twin lacks, is what it is about.
SUBJECT_WORD_SHARE = 0.008
# Hashes kept of a text; the estimate's standard error is at most .5 / sqrt(SKETCH). The first ones find candidates: of
# texts with .6 in common about two thirds of these agree, so that a quarter misses none.
SKETCH = 512
SKETCH_PROBE = 64
SKETCH_PROBE_SHARE = 0.25
# A sequence that more documents hold is boilerplate and finds nothing.
SKETCH_HOLDERS = 100

# A found passage is folded into a better one that holds this share of its word pairs and all of its figures; short ones
# only whole.
FOLDED = 0.85
FOLDED_MIN_PAIRS = 8

# How the index grows (`python -m tests.benchmarks scale`, 384 dimensions, one core). Comparing every vector takes .3 ms
# for 10,000 and 9 ms for 100,000; an inverted file over 4-bit codes 1 ms for 100,000 and 4 ms for a million.
# HNSW with 32 links, asked for 60 of 100,000, finds .942 of the ten nearest in 1.3 ms, the inverted file .996 in 1.6;
# it takes 30 s of processors to build instead of 5, and keeps the vectors in memory (`… vectors`).
FLAT_UP_TO = 30_000
# Questions lie apart from passages in the space of e5, so that their neighbours spread over many lists, and 4 bits a
# dimension order them nearly right: so many lists are read, and so many times the passages asked for looked at exactly.
# recall@10 for 100,000 and a million: .977 and .988 with a tenth of the lists, .994 and .993 with this share, .996 and
# .996 with a fifth; with 4 times the passages .977 and .984, .994 and .989, .996 and .992, and .997 and .994 with three
# tenths of the lists, which takes 3.0 ms of a million instead of 1.8.
PROBED_SHARE = 0.15
NOMINATED_TIMES = 8
NOMINATED_AT_LEAST = 250
# k-means for the lists: vectors for each (FAISS asks for 39) and rounds; FAISS's 25 rounds gain nothing.
TRAINED_ON = 40
CENTRE_ROUNDS = 10

# BM25 looks at so many postings of a query's terms, the rarest terms first: at 100,000 passages at all of them, at a
# million at those that tell passages apart. There .99 of the ten best are found (.97 with 400,000 postings), and the
# 95th percentile is 8 ms instead of 20.
POSTINGS = 600_000
# So many times the passages asked for are nominated by the rarer terms and scored by all.
NOMINATED_BY_WORDS = 4

# Of a passage those sentences are quoted that hold most of the question's words, as a share, …
# … words that already stand in its headings counting so much,
TOLD_ABOVE = 0.3
# … and so much added for the window nearest to the question, where the farthest is at least so far from it.
NEAR_WINDOW = 0.6
FAR_APART = 0.08
# The words of its window count so much for a sentence, its own the rest; a row that is labelled with a word gains.
SHARE_OF_SURROUNDINGS = 0.5
ROW_LABEL = 0.5
# What is left of it for the row that says what a table's columns are: by itself it answers nothing.
SHARE_OF_HEADER = 0.4
# What holds something of the type asked for gains so much.
OF_WANTED_TYPE = 0.3
# Neighbours are quoted with them up to so many words.
QUOTED_WORDS = 60

# What a question says of where to look ('laut Leitfaden', 'in Bayern') decides between passages that answer about as
# well.
BONUS_WISH = 0.08
# Who asks for a document's date, version or authors finds them where it speaks of itself.
BONUS_OPENING = 0.2

# Rows of a table with fewer columns say as much without the columns' names.
COLUMNS_WITH_NAMES = 3
# Of a table, as many as one reads at a glance; of more the number is told.
MOST_ROWS = 12
