"""Every number that search and abstention are tuned with, each with the reason for its value.

The scores' weights were set by hand, one after the other, and kept where more of the questions in
`knowledge/evaluation/` came out right than before; `python -m tests.questions` counts them. The weights of the
confidence are fitted to whether the best passage answered.
"""

# How many passages each of the two rankings puts forward.
CANDIDATES = 60

# How many passages an answer chooses from.
HITS = 10

# e5 cosines lie close together: what has nothing to do with a question still scores about the floor.
COSINE_FLOOR = 0.74
COSINE_CEILING = 0.92

# Weights of the signals in a passage's score, all scaled to 0…1.
WEIGHT_DENSE = 0.45
WEIGHT_LEXICAL = 0.10
WEIGHT_COVERAGE = 0.45
WEIGHT_ATTRIBUTE = 0.15
# Which attribute a fact tells says little where the question names no programme.
WEIGHT_ATTRIBUTE_ALONE = 0.05
# A fact tells its programme's matter in one sentence; documents repeat it in passing.
BONUS_FACT = 0.12
# Quotes in the reader's own language come first where both languages say the same.
BONUS_LANGUAGE = 0.08
# Who asks how many wants a figure that is no date.
BONUS_NUMBER = 0.08
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
# Another round, stage or line than the one asked for does so more strongly.
PENALTY_OTHER_ORDINAL = 0.2
# What held once gives way to what holds, unless a year or the past is asked for.
PENALTY_FORMER = 0.15

# A part of a compound is a weaker sign than the whole word.
PART_OF_COMPOUND = 0.8
# A word of the same meaning is nearly as good as the word itself.
SYNONYM = 0.9
# The previous question's words count less than the follow-up's own.
PREVIOUS_QUESTION = 0.35
# Less so where the follow-up says by itself what it asks.
PREVIOUS_IN_PASSING = 0.4

# Further sources are shown when they score at least this share of the first.
FURTHER_SHARE = 0.70
FURTHER_SOURCES = 2

# Logistic regression on some 430 questions over the starter library and over other municipal texts, answerable or not:
# the weights of cosine, lead, coverage, attribute, named, missing_number, unknown (see `confidence.Signals`).
CONFIDENCE_BIAS = -4.1
CONFIDENCE_WEIGHTS = (3.15, 1.55, 4.05, 0.95, 0.2, -1.6, -0.25)
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

# What is left of the confidence where the passage lacks the question's year; its round, stage or line; or, where the
# question asks for a rate, sum or deadline and names no known programme, most of its words.
DOUBT_OTHER_YEAR = 0.5
DOUBT_OTHER_ORDINAL = 0.5
DOUBT_NO_PROGRAMME = 0.5
CONTENT_NEEDED = 0.5

# A pronoun keeps the subject where the answer on it is at least as sure as this.
POINTING_THRESHOLD = 0.3

# So sure must an answer on another subject be, where the question names a programme that has none.
NAMED_IN_PASSING_THRESHOLD = 0.6
