"""Every fact beside the seven criteria is a sentence, and nothing without a value is told."""

import copy
import itertools

import pytest
from recognition_statements import worked_example

from app.console.recognition_words import ANY, FACT_SENTENCES, fact_in_words, facts_in_words
from microcredential.recognition import (
    HolderMatch,
    Indicator,
    Rating,
    ReportFacts,
    Signature,
    Standing,
    Strength,
    ratings,
)

TERMS = (
    "alignment",
    "creditPoint",
    "criteria",
    "learningOutcome",
    "qualityAssurance",
    "resultDescription",
    "volumeOfLearning",
)
MAY_BE_EMPTY = {(Indicator.ASSESSMENT, "types")}
OPEN = {(Indicator.QUALITY, ANY), (Indicator.LEVEL, ANY), (Indicator.WORKLOAD, ANY)} | {
    (Indicator.IDENTIFICATION, ANY)
}


def badges():
    """Give the worked example, and it without each of its terms or with nothing in their places."""
    yield worked_example()
    for term, value in itertools.product(TERMS, (None, [{}], [{"type": ["AssessmentDescription"]}])):
        badge = copy.deepcopy(worked_example())
        achievement = badge["credentialSubject"]["achievement"]
        achievement.pop(term, None)
        if value is not None:
            achievement[term] = value
        yield badge


def lookings():
    """Give every way in which the verification can come out."""
    for signature, known, standing, holder in itertools.product(
        Signature, (True, False), Standing, HolderMatch
    ):
        yield ReportFacts(signature=signature, issuer_in_registry=known, standing=standing, holder=holder)


def every_rating():
    for badge in badges():
        yield from ratings(badge, ReportFacts())
    for facts in lookings():
        yield from ratings(worked_example(), facts)


def test_every_fact_that_the_ratings_give_has_a_sentence():
    given = set()
    for rating in every_rating():
        for name, value in rating.facts.items():
            given.add((rating.criterion, name))
            said = fact_in_words(rating.criterion, name, value, "en")
            if said is None:
                assert (rating.criterion, name, value) in {(*key, "") for key in MAY_BE_EMPTY}
            else:
                text = str(said.striptags())
                assert text.endswith("."), text
                assert "_" not in text, text
                assert ": ." not in text, text
    closed = {key[:2] for key in FACT_SENTENCES} - OPEN
    assert closed <= given, "a sentence for a fact that is never given"


@pytest.mark.parametrize("criterion", Indicator)
@pytest.mark.parametrize("strength", Strength)
def test_what_the_table_says_is_told_in_the_words_of_the_scale(criterion, strength):
    said = fact_in_words(criterion, "by_table", strength.value, "en")
    if (criterion, "by_table", ANY) in FACT_SENTENCES:
        assert strength.value.capitalize() in said


def test_a_fact_without_a_value_is_left_out():
    rating = Rating(Indicator.ASSESSMENT, None, "", {"types": "", "supervised": "60 %"})
    assert [str(one.striptags()) for one in facts_in_words(rating, "en")] == [
        "Of the weight, 60 % was supervised."
    ]


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        (Indicator.QUALITY, "It names “decision 112/2026”, without an agency."),
        (Indicator.LEVEL, "Level decision 112/2026; nothing says on what it rests."),
    ],
)
def test_where_the_lack_of_a_value_counts_it_is_told(criterion, words):
    said = fact_in_words(criterion, "decision 112/2026", "", "en")
    assert str(said.striptags()) == words


def test_a_title_that_is_our_short_name_is_a_title():
    said = fact_in_words(Indicator.QUALITY, "by_table", "https://agency.example", "en")
    assert str(said.striptags()) == "It names “by_table”, by https://agency.example."


def test_the_words_of_a_certificate_bring_no_markup():
    said = fact_in_words(Indicator.QUALITY, "<script>", "{name} **x**", "en")
    assert "<script>" not in said
    assert "<strong>" not in said
    assert "{name} **x**" in said
