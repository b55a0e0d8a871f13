"""Forms of documents that look like others before are those of the general path, where they are asked for."""

import json
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
from batched import CREATED, KEY, PLACES, REFUSED, TEXTS, changed, learner, variant
from direct_worlds import mutated
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_badge import badge
from varied_credentials import OWN_CONTEXTS, Office, badge_of
from varied_parts import Draft

from ob3 import FrozenContexts, LearningContexts, Ob3Error, add_proof, canonical, canonicalize, verify_proof
from ob3.batch import shapes
from ob3.expansion import context_set
from ob3.learning_contexts import learning_contexts, shapes_of
from ob3.rdfc import canonical_form


class Taught:
    """Contexts that learn at once, with a count of the forms that were found in the ordinary way."""

    def __init__(self, monkeypatch, contexts=None):
        self.ordinary = 0
        self.plain = contexts or {}
        self.contexts = LearningContexts(self.plain)
        self._make = canonical._canonical
        monkeypatch.setattr(shapes, "_WORTH_A_TEMPLATE", 1)
        monkeypatch.setattr(canonical, "_canonical", self._ordinary)
        monkeypatch.setattr(canonical, "_RECENT", canonical.Recent(entries=1))

    def _ordinary(self, *given):
        self.ordinary += 1
        return self._make(*given)

    def know(self, *documents):
        for document in documents:
            canonicalize(document, extra_contexts=self.contexts)

    def is_same(self, document):
        """Compare with the general path, which knows no templates; tell whether it was quick."""
        before = self.ordinary
        made = outcome(lambda: canonicalize(document, extra_contexts=self.contexts))
        contexts = context_set(self.plain)
        assert made == outcome(lambda: canonical_form(canonical.general_statements(document, contexts)))
        return self.ordinary == before


def outcome(make):
    try:
        return make()
    except Ob3Error as refused:
        return type(refused), refused.code, str(refused.path)


@pytest.fixture
def taught(monkeypatch):
    """Contexts under which two learners were met, so that their shape is known."""
    made = Taught(monkeypatch)
    made.know(learner(1), learner(32))
    return made


@pytest.mark.parametrize("part", range(10))
def test_a_thousand_hostile_variants_have_the_form_of_the_general_path(taught, part):
    quick = sum(taught.is_same(variant(number)) for number in range(part * 100, part * 100 + 100))
    assert quick > 40


@pytest.mark.parametrize("path", PLACES, ids=lambda path: "-".join(map(str, path)))
def test_every_place_takes_every_text(taught, path):
    for text in (*TEXTS, *REFUSED):
        taught.is_same(changed(learner(7), (path, text)))


@pytest.mark.parametrize("part", range(4))
def test_what_was_changed_after_it_was_signed_is_refused_as_always(taught, part):
    """Each variant carries the proof of another, and its own."""
    quick = 0
    for number in range(part * 50, part * 50 + 50):
        document = variant(number)
        try:
            signed = add_proof(document, signer=KEY.signer(), created=f"2026-07-03T02:00:{number % 60:02}Z")
        except Ob3Error:
            continue
        other = {**variant(number + 1), "proof": signed["proof"]}
        for one in (signed, other):
            before = taught.ordinary
            quickly = verified(one, taught.contexts)
            quick += taught.ordinary == before
            assert quickly == verified(one, None)
        assert verified(signed, taught.contexts) == document
        assert verified(other, taught.contexts) != other
    assert quick > 20


def verified(document, contexts):
    return outcome(
        lambda: verify_proof(document, verification_key=KEY.public_key, extra_contexts=contexts).document
    )


def test_a_proof_of_a_known_shape_is_checked_without_the_direct_path(taught):
    signed = [add_proof(learner(number), signer=KEY.signer(), created=CREATED) for number in range(40, 44)]
    verified(signed[0], taught.contexts)
    verified(
        {**signed[1], "proof": {**signed[1]["proof"], "created": "2026-07-03T02:00:01Z"}}, taught.contexts
    )
    before = taught.ordinary
    assert verified(signed[2], taught.contexts) == learner(42)
    assert verified(signed[3], taught.contexts) == learner(43)
    assert taught.ordinary == before


@pytest.mark.parametrize("plain", [None, {}, FrozenContexts({})], ids=["none", "plain", "frozen"])
def test_under_plain_contexts_no_template_is_asked_nor_any_form_of_one_remembered(taught, plain):
    document = learner(50)
    before = taught.ordinary
    quick = canonicalize(document, extra_contexts=taught.contexts)
    assert taught.ordinary == before
    assert canonicalize(document, extra_contexts=plain) == quick
    assert taught.ordinary == before + 1


@pytest.mark.parametrize("option", [{"hash": "sha384"}, {"budget": 7}, {"allow_keywords": True}], ids=repr)
def test_other_ways_of_reading_take_the_ordinary_way(taught, option):
    before = taught.ordinary
    made = canonicalize(learner(51), extra_contexts=taught.contexts, **option)
    assert taught.ordinary == before + 1
    assert made == canonicalize(learner(51), **option)
    assert taught.is_same(learner(51))


def test_documents_that_differ_in_too_many_texts_are_of_shapes_of_their_own(taught, monkeypatch):
    def tagged(number, tags):
        made = learner(number)
        made["credentialSubject"]["achievement"]["tag"] = [f"{number} {tag}" for tag in range(tags)]
        return made

    monkeypatch.setattr(shapes, "_MOST_GAPS", 20)
    assert [taught.is_same(tagged(number, 21)) for number in (1, 2, 3)] == [False] * 3
    assert [taught.is_same(tagged(number, 2)) for number in (1, 32, 3)] == [False, False, True]


@pytest.mark.parametrize("limit", ["_LONGEST_LEARNED", "_LONGEST_REMEMBERED"])
def test_a_long_document_is_not_learned(taught, monkeypatch, limit):
    monkeypatch.setattr(canonical, limit, 100)
    long = [changed(learner(number), (("evidence",), [])) for number in (1, 32, 3)]
    assert [taught.is_same(one) for one in long] == [False] * 3
    assert taught.is_same(learner(60))


def test_what_was_learned_stays_in_its_process(taught):
    again = pickle.loads(pickle.dumps(taught.contexts))  # noqa: S301 - our own
    assert dict(again) == dict(taught.contexts)
    assert again.shapes.form(learner(3)) is None
    assert taught.contexts.shapes.form(learner(3)) is not None


def test_a_process_has_one_for_each_set_of_contexts_a_bounded_number():
    def own(number):
        return {"https://a.example/own": {"@context": {"own": f"https://a.example/own#{number}"}}}

    first = learning_contexts(own(0))
    assert learning_contexts(own(0)) is learning_contexts(FrozenContexts(own(0))) is first
    assert learning_contexts(own(1)) is not first
    for number in range(2, 17):
        learning_contexts(own(number))
    assert learning_contexts(own(0)) is not first


def test_contexts_that_are_none_are_refused_as_always():
    wrong = {"https://a.example/own": {"@context": "urn:x"}}
    with pytest.raises(Ob3Error) as refused:
        canonicalize(badge(), extra_contexts=LearningContexts(wrong))
    assert refused.value.code == "not_a_context"
    assert canonicalize(badge(), extra_contexts=LearningContexts({})) == canonicalize(badge())


def test_threads_may_share_them(taught):
    documents = [changed(learner(number), (("name",), f"Of {number % 3}")) for number in range(120)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda one: canonicalize(one, extra_contexts=taught.contexts), documents))
    assert made == [canonicalize(document) for document in documents]


@pytest.fixture(scope="module")
def office():
    return Office()


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data(), st.integers(0, 255))
def test_any_badge_with_any_of_its_values_changed(office, data, number):
    made = badge_of(Draft(number, "lao", endorser=office.endorser, token=False), office, "Ed25519")
    made = json.loads(json.dumps(made))
    with pytest.MonkeyPatch.context() as patch:
        taught = Taught(patch, OWN_CONTEXTS)
        taught.is_same(made)
        for _ in range(4):
            taught.is_same(data.draw(mutated(made)))


def test_the_plain_twin_of_contexts_that_learn_is_the_same_set_and_learns_nothing():
    learning = LearningContexts(OWN_CONTEXTS)
    assert context_set(learning.plain) is context_set(learning)
    assert shapes_of(learning) is not None
    assert shapes_of(learning.plain) is None
