"""Frozen contexts are found again by their content, whatever becomes of what they were made from."""

import pickle

import pytest
from plain_badge import OB3_CONTEXTS, badge

from ob3 import FrozenContexts, Ob3Error, canonicalize
from ob3.expansion import context_set

OWN = "https://a.example/own"


def contexts(meaning="https://a.example/own#own"):
    return {OWN: {"@context": {"own": {"@id": meaning, "@protected": True}}}}


def document():
    return {**badge(), "@context": [*OB3_CONTEXTS, OWN], "own": "text"}


def test_frozen_and_plain_contexts_are_one_set():
    assert context_set(FrozenContexts(contexts())) is context_set(contexts())
    assert context_set(FrozenContexts({})) is context_set() is context_set({})
    assert context_set(FrozenContexts(contexts("https://a.example/other"))) is not context_set(contexts())


def test_true_and_one_are_two_sets():
    odd = contexts()
    odd[OWN]["@context"]["own"]["@protected"] = 1
    assert context_set(FrozenContexts(odd)) is not context_set(FrozenContexts(contexts()))


def test_a_plain_mapping_that_is_changed_is_another_one():
    changing = contexts()
    before = canonicalize(document(), extra_contexts=changing)
    changing[OWN]["@context"]["own"]["@id"] = "https://a.example/other"
    after = canonicalize(document(), extra_contexts=changing)
    assert "own#own" in before
    assert "a.example/other" in after


def test_a_frozen_one_keeps_what_it_was_made_of():
    plain = contexts()
    frozen = FrozenContexts(plain)
    before = canonicalize(document(), extra_contexts=frozen)
    plain[OWN]["@context"]["own"]["@id"] = "https://a.example/other"
    frozen[OWN]["@context"].clear()
    assert canonicalize({**document(), "own": "text"}, extra_contexts=frozen) == before
    assert dict(frozen) == contexts()
    assert context_set(frozen) is context_set(pickle.loads(pickle.dumps(frozen)))  # noqa: S301 - our own


def test_what_is_no_context_is_refused_when_it_is_used():
    with pytest.raises(Ob3Error) as refused:
        canonicalize(document(), extra_contexts=FrozenContexts({OWN: {"@context": "urn:x"}}))
    assert refused.value.code == "not_a_context"
    assert canonicalize(document(), extra_contexts=FrozenContexts(contexts()))
