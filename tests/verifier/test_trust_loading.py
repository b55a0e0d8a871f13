"""Lists of others are believed only by a publisher that was named, in force, and never older than before."""

from datetime import timedelta

import pytest
from simulator import NOW, Failure, World, seed, stamp
from trust_world import (
    ADDRESS,
    DID,
    INSTITUTION,
    OTHER,
    PUBLISHER,
    WEB_DID,
    by_did_web,
    document,
    institution,
    signed,
)

from keys import SecretKey
from keys.did import did_web_url
from ob3.trust_list import read_trust_list
from verifier.errors import TrustListRefused
from verifier.trust_loading import load_trust_list


@pytest.fixture
def world():
    return World()


def load(world, listed, *, publishers=(DID,), address=ADDRESS, **options):
    given = {"fetcher": world.fetcher(), "now": world.now, **options}
    return load_trust_list(listed, publishers=publishers, address=address, **given)


def refused(world, listed, **options):
    with pytest.raises(TrustListRefused) as caught:
        load(world, listed, **options)
    assert caught.value.message.endswith(".")
    return caught.value.code


def test_a_list_of_a_named_publisher_is_believed(world):
    loaded = load(world, signed())
    (entry,) = loaded.entries
    assert (entry.issuer_id, entry.name, entry.list_name) == (
        INSTITUTION["id"],
        "Keystone Institute",
        "Alliance of Institutes",
    )
    assert loaded.vouched_by == DID
    assert world.requests == []


@pytest.mark.parametrize("publishers", [(PUBLISHER.public_key.multikey,), (WEB_DID, DID), [DID]])
def test_a_publisher_is_named_by_did_or_by_key(world, publishers):
    assert load(world, signed(), publishers=publishers).vouched_by in publishers


def test_a_publisher_on_the_web_is_asked_for_its_keys(world):
    assert load(world, by_did_web(world), publishers=(WEB_DID,)).vouched_by == WEB_DID
    assert world.requests == [did_web_url(WEB_DID)]


def test_a_list_cannot_vouch_for_itself(world):
    assert load(world, signed())
    assert refused(world, signed(), publishers=()) == "list_publisher"
    assert refused(world, signed(), publishers=(OTHER.public_key.did_key,)) == "list_publisher"
    assert refused(world, signed(), publishers=(OTHER.public_key.multikey,)) == "list_publisher"


def test_somebody_else_who_says_to_be_the_publisher_is_refused(world):
    assert refused(world, signed(key=OTHER)) == "list_key"
    method = f"{DID}#{PUBLISHER.public_key.multikey}"
    assert refused(world, signed(key=OTHER, method=method)) == "list_signature"
    assert refused(world, by_did_web(world, key=OTHER), publishers=(WEB_DID,)) == "list_signature"
    own = signed(document(publisher={"id": OTHER.public_key.did_key, "name": "The Alliance"}), key=OTHER)
    assert refused(world, own) == "list_publisher"


@pytest.mark.parametrize(
    "changes",
    [
        {"sequence": 8},
        {"validUntil": stamp(NOW + timedelta(days=400))},
        {"institutions": [INSTITUTION, institution(id="did:web:evil.example")]},
        {"institutions": []},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_list_that_was_changed_is_refused(world, changes):
    assert load(world, signed())
    assert refused(world, {**signed(), **changes}) == "list_signature"


@pytest.mark.parametrize(("after", "code"), [(1, None), (-1, "list_key"), (0, "list_key")])
def test_a_retired_key_signs_no_list(world, after, code):
    listed = by_did_web(world, expires=NOW + timedelta(seconds=after))
    if code is None:
        assert load(world, listed, publishers=(WEB_DID,))
    else:
        assert refused(world, listed, publishers=(WEB_DID,)) == code


def test_a_list_without_a_proof_is_refused_unless_it_is_somebodys_word(world):
    assert refused(world, document()) == "list_unsigned"
    assert load(world, document(), publishers=(), address=None, unsigned_too=True).vouched_by is None
    # taken for somebody's word or not: what is signed must be signed by whom we asked for
    assert refused(world, signed(key=OTHER), publishers=(), unsigned_too=True) == "list_publisher"


@pytest.mark.parametrize("cryptosuite", ["eddsa-rdfc-2022", "ecdsa-jcs-2019"])
def test_a_list_in_another_suite_is_refused(world, cryptosuite):
    listed = signed()
    assert load(world, listed)
    listed["proof"]["cryptosuite"] = cryptosuite
    assert refused(world, listed) == "list_signature"


def test_an_honest_list_in_another_suite_is_refused_too(world):
    key = SecretKey.from_seed(seed("publisher on P-256"), "P-256")
    did = key.public_key.did_key
    listed = signed(document(publisher={"id": did, "name": "P"}), key=key, cryptosuite="ecdsa-jcs-2019")
    assert refused(world, listed, publishers=(did,)) == "list_signature"
    assert load(world, signed())


def test_a_publisher_named_by_what_is_no_key_has_signed_nothing(world):
    assert refused(world, signed(), publishers=("z6MkNoKeyAtAll",)) == "list_publisher"
    named = ("z6MkNoKeyAtAll", PUBLISHER.public_key.multikey)
    assert load(world, signed(), publishers=named).vouched_by == named[1]


def test_a_list_belongs_to_its_address(world):
    assert load(world, signed())
    assert refused(world, signed(), address="https://lists.alliance.example/other.json") == "list_elsewhere"
    assert load(world, signed(), address=None)


def test_a_list_is_in_force_from_the_first_to_the_last_moment(world):
    world.now = NOW - timedelta(days=1)
    assert load(world, signed())
    world.now = NOW - timedelta(days=1, seconds=61)
    assert refused(world, signed()) == "list_early"
    world.now = NOW + timedelta(days=13)
    assert load(world, signed())
    world.now = NOW + timedelta(days=13, seconds=60)
    assert refused(world, signed()) == "list_over"


def test_a_proof_may_end_before_its_list(world):
    listed = signed(expires=stamp(NOW + timedelta(days=1)))
    assert load(world, listed)
    world.now = NOW + timedelta(days=2)
    assert load(world, signed())
    assert refused(world, listed) == "list_over"


def test_an_older_list_never_takes_the_place_of_a_newer_one(world):
    before = read_trust_list(document(sequence=7))
    assert load(world, signed(document(sequence=7)), newest=before)
    assert load(world, signed(document(sequence=8)), newest=before)
    assert refused(world, signed(document(sequence=6)), newest=before) == "list_older"


def test_a_number_stands_for_one_list(world):
    before = read_trust_list(document())
    other = signed(document(INSTITUTION, institution(id="did:web:new.example")))
    assert load(world, other)
    assert refused(world, other, newest=before) == "list_number_twice"


def test_a_publisher_that_does_not_answer_leaves_the_question_open(world):
    listed = by_did_web(world)
    world.fail(did_web_url(WEB_DID), Failure.down)
    assert refused(world, listed, publishers=(WEB_DID,)) == "list_key_unread"
    world.mend(did_web_url(WEB_DID))
    assert load(world, listed, publishers=(WEB_DID,))


def test_a_list_that_is_out_of_form_says_where(world):
    with pytest.raises(TrustListRefused, match="Institution 1, member “country”") as caught:
        load(world, document(institution(country="Croatia")))
    assert caught.value.code == "list_malformed"


def test_every_id_of_an_institution_leads_to_it(world):
    former = institution(formerIds=["did:web:old.example"], until="2027-01-01", reason="Closed")
    entries = load(world, signed(document(former))).entries
    assert [one.issuer_id for one in entries] == [INSTITUTION["id"], "did:web:old.example"]
    assert {one.name for one in entries} == {"Keystone Institute"}
    assert {one.reason for one in entries} == {"Closed"}
