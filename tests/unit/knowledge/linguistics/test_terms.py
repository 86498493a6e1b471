"""Search terms: one for all spellings of a word, several for a compound."""

import pytest

from knowledge.linguistics.terms import Terms, participles, separable_verbs, stem
from knowledge.messages import Language

TEXTS = ["Die Quote der Förderung", "Der Antrag hat eine Frist", "Das Büro des Projekts, die Laterne"]


@pytest.fixture(scope="module")
def terms() -> Terms:
    return Terms.of_texts(TEXTS)


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [
        ("Förderung", "Foerderung", "de"),
        ("Förderung", "FÖRDERUNGEN", "de"),
        ("Straße", "Strasse", "de"),
        ("Städte", "Staedten", "de"),
        ("deadline", "Deadlines", "en"),
        ("dritte", "drei", "de"),
        ("dritten", "3", "de"),
        ("fünfte", "5", "de"),
        ("zwölf", "12", "de"),
        ("third", "three", "en"),
        ("eight", "8", "en"),
    ],
)
def test_spellings_and_forms_share_a_stem(one: str, other: str, lang: Language) -> None:
    assert stem(one, lang) == stem(other, lang)


@pytest.mark.parametrize(
    ("one", "other"), [("Antrag", "Auftrag"), ("drei", "vier"), ("Land", "Stadt"), ("Runden", "rund")]
)
def test_different_words_do_not(one: str, other: str) -> None:
    assert stem(one, "de") != stem(other, "de")


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("Antragsfrist", ["Antrag", "Frist"]),
        ("Projektbüro", ["Büro"]),
        ("Förderquote", ["Quote"]),
        ("Straßenlaterne", ["Laterne"]),
        ("KTS-Antrag", ["KTS", "Antrag"]),
    ],
)
def test_compounds_are_found_under_their_parts(terms: Terms, compound: str, parts: list[str]) -> None:
    found = terms.passage_terms(compound, "de")
    assert found[0] == stem(compound, "de")
    assert {stem(part, "de") for part in parts} <= set(found)


def test_words_that_only_look_like_compounds_stay_whole(terms: Terms) -> None:
    assert terms.passage_terms("Bibliothek", "de") == [stem("Bibliothek", "de")]


def test_passages_keep_repetitions_and_questions_do_not(terms: Terms) -> None:
    assert terms.passage_terms("Antrag und Antrag", "de").count("antrag") == 2
    assert [word for word, _ in terms.query_words("Antrag? Welcher Antrag?", "de")] == ["antrag"]


@pytest.mark.parametrize(
    ("question", "lang"),
    [("Wie ist das denn?", "de"), ("was macht die", "de"), ("what does it mean", "en"), ("und wann war das", "de")],
)
def test_words_of_grammar_ask_for_nothing(terms: Terms, question: str, lang: Language) -> None:
    assert terms.query_words(question, lang) == []


@pytest.mark.parametrize(("participle", "noun"), [("geförderte", "Förderung"), ("gegründet", "Gründung")])
def test_a_participle_and_the_noun_of_its_verb_meet(participle: str, noun: str) -> None:
    assert stem(noun, "de") in participles(stem(participle, "de"))
    assert stem(participle, "de") in participles(stem(noun, "de"))


@pytest.mark.parametrize(
    ("question", "word", "meant"),
    [
        ("Mit wem tauscht Bergen Daten aus?", "tauscht", "Austausch"),
        ("Wer sitzt der Gruppe vor, und seit wann?", "sitzt", "Vorsitz"),
    ],
)
def test_a_separable_verb_meets_its_noun(question: str, word: str, meant: str) -> None:
    assert stem(meant, "de") in separable_verbs(question)[word]


def test_without_a_prefix_at_the_end_no_verb_is_separable() -> None:
    assert separable_verbs("Was steht auf der Liste?") == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("umgesetzt", "Umsetzung"),
        ("pflegt", "gepflegt"),
        ("geliefert", "lieferte"),
        ("gebaut", "baute"),
        ("gebaut", "bauen"),
        ("betreut", "Betreuung"),
        ("einreichen", "einzureichen"),
        ("anmelden", "angemeldet"),
        ("Anmeldung", "anmelden"),
        ("evaluiert", "Evaluation"),
        ("Moderation", "moderiert"),
    ],
)
def test_the_forms_of_a_verb_meet(one: str, other: str) -> None:
    assert stem(other, "de") in participles(stem(one, "de"))


def test_of_two_words_a_compound_is_named_by_the_last() -> None:
    terms = Terms.of_texts(["Die Kanzel", "Der Ausweis", "Die Marine"])
    assert terms.passage_terms("Marinenausweis", "de")[1:] == [stem("Marine", "de"), stem("Ausweis", "de")]
    assert Terms.of_texts(["Die Büchern", "Der Ausweis"]).passage_terms("Büchereiausweis", "de")[1:] == [
        stem("Ausweis", "de")
    ]
