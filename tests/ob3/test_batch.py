"""Batches: a template signs what the ordinary way signs, and what is unsafe takes the ordinary way."""

import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from batched import CREATED, KEY, PLACES, REFUSED, TEXTS, Counted, changed, learner, variant
from direct_worlds import mutated
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_badge import OB3_CONTEXTS, badge
from recognition_statements import worked_example
from varied_credentials import OWN_CONTEXTS, Office, badge_of
from varied_parts import Draft
from varied_words import SCRIPTS
from work_counts import calls_of

from microcredential import context
from ob3 import BatchSigner, Ob3Error, add_proof
from ob3.batch import shapes, template
from ob3.strict_json import dump

OWN = "https://a.example/own"
XSD = "http://www.w3.org/2001/XMLSchema#"
NAMES = ("Nguyễn Thị Minh Anh", "ນາງ ສຸພາພອນ", 'O"Neill\n')


@pytest.fixture
def counted(monkeypatch):
    """A signer that has met two learners, and so knows their shape."""
    signer = Counted(monkeypatch)
    signer.know(learner(1), learner(32))
    return signer


@pytest.fixture(scope="module")
def office():
    return Office()


@pytest.mark.parametrize("part", range(10))
def test_a_thousand_hostile_variants_are_signed_as_one_by_one(counted, part):
    fast = sum(counted.is_same(variant(number)) for number in range(part * 100, part * 100 + 100))
    assert fast > 40


@pytest.mark.parametrize("path", PLACES, ids=lambda path: "-".join(map(str, path)))
def test_every_place_takes_every_text(counted, path):
    for text in (*TEXTS, *REFUSED):
        counted.is_same(changed(learner(7), (path, text)))


def test_a_batch_needs_two_documents_and_signs_the_rest_by_a_template(counted):
    before = counted.ordinary
    assert all(counted.is_same(learner(number)) for number in range(100))
    assert counted.ordinary == before == 2


def test_a_text_of_a_known_shape_is_signed_without_being_parsed(counted):
    known, other = dump(learner(7)), dump(changed(learner(7), (("name",), "Reading")))
    counted.batch.secured_text(known, created=CREATED)
    parsers = ("orjson.", "json.loads", "json.dumps")
    signed, learned = [
        calls_of(lambda text=text: counted.batch.secured_text(text, created=CREATED))
        for text in (known, other)
    ]
    assert (signed.of(*parsers), learned.of(*parsers) > 0) == (0, True)


def test_a_template_is_made_once_it_is_worth_it(monkeypatch):
    signer = Counted(monkeypatch, worth=6)
    signer.know(*map(learner, range(7)))
    assert (signer.ordinary, signer.is_same(learner(7))) == (7, True)
    named = [changed(learner(number), (("name",), f"Reading {number}")) for number in range(7)]
    signer.know(*named[:6])
    assert (signer.ordinary, signer.is_same(named[6])) == (13, True)


def test_a_text_that_first_differs_later_is_learned_once(counted):
    named = [changed(learner(number), (("name",), f"Reading {number}")) for number in (3, 4)]
    assert [counted.is_same(one) for one in named] == [False, True]
    assert counted.is_same(learner(5))


def test_the_credentials_of_the_demonstration_are_signed_by_a_template(office, monkeypatch):
    signer = Counted(monkeypatch, extra_contexts=OWN_CONTEXTS)
    for number in (3, 9, 15):
        made = badge_of(Draft(number, "lao", endorser=office.endorser, token=False), office, "Ed25519")
        mine = [changed(made, *values(made, each)) for each in range(20)]
        assert [signer.is_same(one) for one in mine] == [False, False, *[True] * 18]


def test_the_worked_example_is_signed_by_a_template(monkeypatch):
    made = worked_example()
    made.pop("proof", None)
    signer = Counted(monkeypatch, extra_contexts={made["@context"][-1]: context()})
    mine = [changed(made, *values(made, each)) for each in range(20)]
    assert [signer.is_same(one) for one in mine] == [False, False, *[True] * 18]


def values(document, number):
    """Give what is a learner's own in a micro-credential."""
    yield ("id",), f"urn:uuid:5b2f6a52-0a3e-4e58-9a1e-{number:012}"
    subject = document["credentialSubject"]
    for name in ("name", "familyName", "givenName", "licenseNumber"):
        if name in subject:
            yield ("credentialSubject", name), f"{NAMES[number % 3]} {number}"
    for place, _ in enumerate(subject.get("result", [])):
        yield ("credentialSubject", "result", place, "value"), str((number + place) % 9)


def with_own(definition, *, member="own"):
    """Give the contexts of documents that have a member of this definition in their achievement."""
    return {OWN: {"@context": {member: definition, "Red": "urn:x:red", "Blue": "urn:x:blue", "x": "urn:x:"}}}


def own(value, number=0, **more):
    made = changed(badge(**more), (("@context",), [*OB3_CONTEXTS, OWN]))
    made["id"] = f"urn:uuid:5b2f6a52-0a3e-4e58-9a1e-{number:012}"
    made["credentialSubject"]["achievement"]["own"] = value
    return made


# A definition, values that differ and are signed at length, and what the template takes under the twin.
OWN_UNSAFE = {
    "a term": ({"@id": "urn:x:own", "@type": "@vocab"}, ["Red", "Blue", "Red", "Blue"], "@id"),
    "an IRI that could be a term": (
        {"@id": "urn:x:own", "@type": "@vocab"},
        ["urn:y:1", "urn:y:2", "urn:y:3", "urn:x:red"],
        "@id",
    ),
    "a text inside JSON": (
        {"@id": "urn:x:own", "@type": "@json"},
        [{"a": "1"}, {"a": "2"}, {"a": "3"}],
        "@id",
    ),
    "the text of a double": (
        {"@id": "urn:x:own", "@type": XSD + "double"},
        ["1.5E0", "2.5E0", "3.5E0"],
        XSD + "decimal",
    ),
}


@pytest.mark.parametrize("name", OWN_UNSAFE)
def test_a_text_that_means_more_than_itself_is_signed_at_length(monkeypatch, name):
    definition, unsafe, kind = OWN_UNSAFE[name]
    signer = Counted(monkeypatch, extra_contexts=with_own(definition))
    for value in unsafe:
        assert not signer.is_same(own(value))
    twin = Counted(monkeypatch, extra_contexts=with_own({**definition, "@type": kind}))
    texts = [f"urn:y:{number}" for number in range(4)]
    assert [twin.is_same(own(text)) for text in texts] == [False, False, True, True]


def siblings(first, second):
    """Give a badge whose unnamed subject has two results that only their values tell apart."""
    made = badge()
    made["credentialSubject"]["result"] = [{"type": ["Result"], "value": value} for value in (first, second)]
    return made


UNSAFE = {
    "a value that is absent": (("validFrom",), None),
    "a member more": (("description",), "More."),
    "a longer list": (("evidence",), [{"type": ["Evidence"], "name": name} for name in "abc"]),
    "an object for a text": (("evidence", 0, "name"), {"id": "urn:x:1"}),
    "a list for a text": (("evidence", 0, "name"), ["One"]),
    "a relative id": (("credentialSubject", "id"), "learner"),
    "an empty id": (("credentialSubject", "id"), ""),
    "an id of another scheme": (("credentialSubject", "id"), "xsd:date"),
    "another type": (("evidence", 0, "type", 0), "Profile"),
    "a type as a text": (("evidence", 0, "type"), "Evidence"),
    "another context": (("@context",), OB3_CONTEXTS[::-1]),
    "a number for a text": (("evidence", 0, "name"), 3.0),
    "another number": (("credentialSubject", "creditsEarned"), 42),
    "another kind of number": (("credentialSubject", "identifier", 0, "hashed"), 1),
    "a text for a number": (("credentialSubject", "creditsEarned"), "3.5"),
    "null": (("evidence", 0, "name"), None),
    "a lone surrogate": (("evidence", 0, "name"), "\ud800"),
    "a control character": (("evidence", 0, "name"), "\x00"),
    "a proof": (("proof",), {"type": "DataIntegrityProof"}),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_what_changes_the_shape_is_signed_or_refused_at_length(counted, name):
    path, value = UNSAFE[name]
    assert not counted.is_same(changed(learner(9), (path, value)))
    assert counted.is_same(learner(9))


def test_another_order_of_members_is_another_shape(counted):
    document = learner(9)
    assert not counted.is_same(dict(reversed(document.items())))
    assert counted.is_same(document)


def test_parts_that_only_the_full_algorithm_tells_apart_are_signed_at_length(monkeypatch):
    signer = Counted(monkeypatch)
    signer.know(siblings("1", "2"), siblings("3", "4"))
    assert signer.is_same(siblings("5", "6"))
    assert not signer.is_same(siblings("5", "5"))
    assert signer.is_same(siblings("6", "5"))


def test_parts_that_are_alike_in_all_learners_leave_no_template(monkeypatch):
    signer = Counted(monkeypatch)
    alike = [changed(siblings("5", "5"), (("name",), name)) for name in "abcd"]
    assert [signer.is_same(one) for one in alike] == [False] * 4
    assert [signer.is_same(siblings(*values)) for values in ("12", "34", "56")] == [False, True, True]


def test_parts_that_are_alike_and_touch_no_other_need_no_full_algorithm(counted):
    alike = [{"type": ["Evidence"], "name": "One"}] * 3
    documents = [changed(learner(number), (("evidence",), alike)) for number in (3, 4, 5)]
    assert [counted.is_same(one) for one in documents] == [False, False, True]


def test_more_parts_that_are_alike_than_are_told_apart_are_signed_at_length(counted, monkeypatch):
    monkeypatch.setattr(template, "_MOST_ALIKE", 2)
    alike = [{"type": ["Evidence"], "name": "One"}] * 3
    documents = [changed(learner(number), (("evidence",), alike)) for number in (3, 4, 5)]
    assert not any(counted.is_same(one) for one in documents)
    monkeypatch.setattr(template, "_MOST_ALIKE", 3)
    assert counted.is_same(changed(documents[2], (("name",), "x"))) is False
    assert counted.is_same(documents[2])


def test_two_statements_that_become_one_are_signed_at_length(monkeypatch):
    signer = Counted(monkeypatch)
    tagged = [badge() for _ in range(4)]
    for document, tags in zip(tagged, ("ab", "cd", "ef", "gg"), strict=True):
        document["credentialSubject"]["achievement"]["tag"] = list(tags)
    assert [signer.is_same(one) for one in tagged] == [False, False, True, False]


def test_the_order_of_labels_follows_the_texts(monkeypatch):
    signer = Counted(monkeypatch)
    signer.know(siblings("1", "2"), siblings("3", "4"))
    chance = random.Random(1)  # noqa: S311 - reproducible variety, no secret
    pairs = [tuple(map(str, chance.sample(range(1000), 2))) for _ in range(50)]
    assert all(signer.is_same(siblings(*pair)) for pair in pairs)


def test_the_number_of_shapes_is_bounded_and_the_usual_one_stays(counted, monkeypatch):
    monkeypatch.setattr(shapes, "_MOST_SHAPES", 3)
    for number in range(10):
        members = {f"tag{number}": None}
        odd = changed(badge(**members), (("evidence",), [{"type": ["Evidence"], "name": "x"}] * number))
        counted.is_same(odd)
        assert counted.is_same(learner(number))
    assert len(counted.batch._documents._shapes) == 3


def test_other_times_and_keys_of_proofs(counted):
    times = [f"2026-07-03T02:00:{second:02}Z" for second in range(5)]
    assert all(counted.is_same(learner(5), created) for created in times)


def test_a_malformed_time_is_refused_as_always(counted):
    for wrong in ("2026-07-03", "2026-07-03T02:00:00", ""):
        with pytest.raises(Ob3Error) as refused:
            counted.batch.add_proof(learner(5), created=wrong)
        with pytest.raises(Ob3Error) as as_always:
            add_proof(learner(5), signer=KEY.signer(), created=wrong)
        assert refused.value.code == as_always.value.code == "malformed_time"


def test_what_is_given_and_what_is_made_share_nothing(counted):
    document = learner(5)
    made = counted.batch.add_proof(document, created=CREATED)
    before = dump(made)
    document["credentialSubject"]["result"][0]["value"] = "0"
    document["@context"].append("urn:x")
    assert dump(made) == before
    assert counted.is_same(learner(6))


def test_contexts_are_those_of_the_beginning():
    contexts = with_own({"@id": "urn:x:own"})
    signer = BatchSigner(KEY.signer(), extra_contexts=contexts)
    usual = add_proof(own("a"), signer=KEY.signer(), created=CREATED, extra_contexts=contexts)
    contexts.clear()
    assert signer.add_proof(own("a"), created=CREATED) == usual


def test_threads_may_share_a_signer(counted):
    documents = [changed(learner(number), (("name",), f"Of {number % 3}")) for number in range(120)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda one: counted.batch.secured(one, created=CREATED), documents))
    signer = KEY.signer()
    for document, text in zip(documents, made, strict=True):
        usual = add_proof(document, signer=signer, created=CREATED)
        assert text == dump({**usual, "proof": [usual["proof"]]})


scripts = st.sampled_from(sorted(SCRIPTS))


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.data(), st.integers(0, 255), scripts)
def test_any_badge_with_any_of_its_values_changed(office, data, number, script):
    made = badge_of(Draft(number, script, endorser=office.endorser, token=False), office, "Ed25519")
    made = json.loads(json.dumps(made))
    with pytest.MonkeyPatch.context() as patch:
        signer = Counted(patch, extra_contexts=OWN_CONTEXTS)
        signer.is_same(made)
        places = list(texts_in(made))
        for _ in range(4):
            chosen = data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=6))
            new = st.one_of(st.sampled_from(TEXTS), st.text(max_size=8), st.just("https://a.example/%s"))
            signer.is_same(changed(made, *((path, data.draw(new)) for path in chosen)))
        signer.is_same(data.draw(mutated(made)))


def texts_in(value, path=()):
    """Give the places of all texts in a document."""
    if isinstance(value, str):
        yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in parts:
        yield from texts_in(part, (*path, step))
