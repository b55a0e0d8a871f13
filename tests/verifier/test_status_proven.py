"""A list is proven once; a withdrawn key, another text, question or day is noticed all the same."""

import copy
from datetime import timedelta

import pytest
from simulator import NOW, World, stamp

import verifier.status_lists
from keys import SecretKey
from ob3 import BitstringStatusList
from ob3.jws import credential_jwt
from verifier import InMemory, Verdict
from verifier.issuer_keys import IssuerKeys
from verifier.sources import Sources
from verifier.status_proven import AskedKeys, ProvenList, ProvenLists
from verifier.trust import trust_list

HOST = "badges.keystone.example"
KEY = SecretKey.generate()


@pytest.fixture
def world():
    return World()


@pytest.fixture
def issuer(world, monkeypatch):
    monkeypatch.setattr(verifier.status_lists, "_PROVEN", ProvenLists())  # nothing is known yet
    return world.issuer(HOST)


@pytest.fixture
def proofs(monkeypatch):
    """Count how often the proof of a list is looked at."""
    made, real = [], verifier.status_lists.check_proofs
    counting = lambda *given, **named: (made.append(given[1]), real(*given, **named))[1]  # noqa: E731
    monkeypatch.setattr(verifier.status_lists, "check_proofs", counting)
    return made


def verify(world, badge, **options):
    report = world.verifier(**options).verify(badge)
    return report.verdict, report.check("status").code


def with_own_key(issuer, key=KEY, name="lists"):
    """Publish the list under a key that signs lists alone, so that a badge stays good without it."""
    method = issuer.publish_key(name, key)
    unsigned = {
        member: value for member, value in issuer.status_list("revocation").items() if member != "proof"
    }
    with_key = copy.copy(issuer)
    with_key.key = key
    secured = with_key.sign(unsigned, verification_method=method)
    issuer.world.publish(issuer.list_url("revocation"), secured)


def test_one_list_is_proven_once_for_all_its_badges(world, issuer, proofs):
    issuer.withdraw(7)
    for index, answer in ((412, Verdict.valid), (7, Verdict.revoked), (413, Verdict.valid)):
        assert verify(world, issuer.badge(credentialStatus=issuer.entry(index)))[0] is answer
    assert len(proofs) == 1
    issuer.withdraw(412)
    assert verify(world, issuer.badge())[0] is Verdict.revoked
    assert len(proofs) == 2


def test_a_key_that_was_withdrawn_is_noticed(world, issuer, proofs):
    badge = issuer.badge()
    with_own_key(issuer)
    assert verify(world, badge) == (Verdict.valid, "not_withdrawn")
    assert verify(world, badge) == (Verdict.valid, "not_withdrawn")
    assert len(proofs) == 1
    issuer.further_keys.clear()
    world.publish(issuer.did_url, issuer.document())
    assert verify(world, badge) == (Verdict.undetermined, "list_not_proved")
    assert verify(world, badge) == (Verdict.undetermined, "list_not_proved")


def test_another_key_of_that_name_is_noticed(world, issuer):
    badge = issuer.badge()
    with_own_key(issuer)
    assert verify(world, badge)[0] is Verdict.valid
    issuer.further_keys.clear()
    issuer.publish_key("lists", SecretKey.generate())
    assert verify(world, badge) == (Verdict.undetermined, "list_not_proved")
    issuer.further_keys.clear()
    issuer.publish_key("lists", KEY)
    assert verify(world, badge)[0] is Verdict.valid


def test_a_list_that_runs_out_is_noticed(world, issuer, proofs):
    badge = issuer.badge()
    assert verify(world, badge)[0] is Verdict.valid
    world.now += timedelta(hours=23)
    assert verify(world, badge)[0] is Verdict.valid
    world.now += timedelta(hours=2)
    assert verify(world, badge) == (Verdict.undetermined, "list_expired")
    world.now = NOW - timedelta(minutes=10)
    assert verify(world, badge) == (Verdict.undetermined, "list_not_yet_valid")
    assert len(proofs) == 1


def test_the_end_of_its_proof_is_noticed(world, issuer):
    unsigned = {name: value for name, value in issuer.status_list("revocation").items() if name != "proof"}
    ending = issuer.sign(unsigned, expires=stamp(NOW + timedelta(minutes=5)))
    world.publish(issuer.list_url("revocation"), ending)
    assert verify(world, issuer.badge())[0] is Verdict.valid
    world.now += timedelta(minutes=7)
    assert verify(world, issuer.badge()) == (Verdict.undetermined, "list_expired")


def test_an_older_list_is_refused_though_it_was_proven_once(world, issuer):
    memory, badge = InMemory(), issuer.badge()
    older = world.pages[issuer.list_url("revocation")][0]
    assert verify(world, badge, memory=memory)[0] is Verdict.valid
    world.now += timedelta(hours=1)
    issuer.withdraw(412)
    assert verify(world, badge, memory=memory)[0] is Verdict.revoked
    world.now += timedelta(minutes=5)
    world.publish(issuer.list_url("revocation"), older)
    assert verify(world, badge, memory=memory) == (Verdict.undetermined, "list_rolled_back")
    issuer.publish_list("revocation")
    assert verify(world, badge, memory=memory)[0] is Verdict.revoked


def test_a_text_that_differs_in_one_place_is_noticed(world, issuer):
    assert verify(world, issuer.badge())[0] is Verdict.valid
    document = issuer.status_list("revocation")
    bits = BitstringStatusList.decode(document["credentialSubject"]["encodedList"])
    bits.set(7, True)
    world.publish(
        issuer.list_url("revocation"),
        {**document, "credentialSubject": {**document["credentialSubject"], "encodedList": bits.encoded()}},
    )
    assert verify(world, issuer.badge()) == (Verdict.undetermined, "list_not_proved")


def test_the_same_list_asked_for_another_purpose_is_refused(world, issuer):
    assert verify(world, issuer.badge())[0] is Verdict.valid
    badge = issuer.badge(credentialStatus={**issuer.entry(412), "statusPurpose": "suspension"})
    assert verify(world, badge) == (Verdict.undetermined, "list_of_another_purpose")
    assert verify(world, issuer.badge())[0] is Verdict.valid


def test_the_same_list_at_another_place_is_refused(world, issuer):
    assert verify(world, issuer.badge())[0] is Verdict.valid
    world.publish(issuer.list_url("suspension"), world.pages[issuer.list_url("revocation")][0])
    badge = issuer.badge(credentialStatus=issuer.entry(412, "suspension"))
    assert verify(world, badge) == (Verdict.undetermined, "list_of_another_place")
    issuer.publish_list("suspension")
    assert verify(world, badge)[0] is Verdict.valid


def test_another_issuers_badge_may_not_use_it(world, issuer):
    assert verify(world, issuer.badge())[0] is Verdict.valid
    stranger = world.issuer("stranger.example")
    badge = stranger.badge(credentialStatus=issuer.entry(412))
    assert verify(world, badge) == (Verdict.undetermined, "list_of_another_issuer")


def test_the_key_of_a_token_is_asked_for_again(world, issuer):
    unsigned = {name: value for name, value in issuer.status_list("revocation").items() if name != "proof"}
    method = issuer.publish_key("lists", KEY)
    world.publish(issuer.list_url("revocation"), credential_jwt(unsigned, signer=KEY.signer(method)).encode())
    for _ in range(2):
        assert verify(world, issuer.badge()) == (Verdict.valid, "not_withdrawn")
    issuer.further_keys.clear()
    world.publish(issuer.did_url, issuer.document())
    assert verify(world, issuer.badge()) == (Verdict.undetermined, "list_not_proved")


def _keys(given=None):
    sources = Sources(fetcher=None, local=None, max_fetches=0)
    return IssuerKeys(sources=sources, trust=trust_list(()), memory=None, given=given, now=NOW)


def _list(length=131_072):
    return ProvenList({}, {}, BitstringStatusList(length))


def _asked(issuer_id=KEY.public_key.did_key):
    asked = AskedKeys.of(_keys())
    asked.learn(issuer_id, KEY.public_key.did_key_method)
    return asked


def test_the_list_that_was_longest_not_asked_for_is_forgotten():
    proven = ProvenLists()
    for number in range(32):
        proven.put(number, "text", _list(), _asked())
    assert proven.get(0, _keys()) is not None
    proven.put(32, "text", _list(), _asked())
    assert [number for number in range(33) if proven.get(number, _keys()) is None] == [1]


def test_what_is_very_long_or_rests_on_no_key_is_not_kept():
    proven = ProvenLists()
    proven.put("long text", "x" * (256 * 1024 + 1), _list(), _asked())
    proven.put("long list", "text", _list(4 * 2**20 + 8), _asked())
    proven.put("no key", "text", _list(), AskedKeys.of(_keys()))
    proven.put("usual", "x" * 256 * 1024, _list(4 * 2**20), _asked())
    kept = [key for key in ("long text", "long list", "no key", "usual") if proven.get(key, _keys())]
    assert kept == ["usual"]


def test_a_question_keeps_the_purpose_for_which_it_was_asked():
    purposes = []

    class Noting(IssuerKeys):
        def _of_did(self, issuer, method, detail):
            purposes.append(self.purpose)
            return super()._of_did(issuer, method, detail)

    asked = AskedKeys.of(_keys())
    did, method = KEY.public_key.did_key, KEY.public_key.did_key_method
    asked.learn(did, method, purpose="authentication")
    asked.learn(did, method)
    keys = _keys()
    noting = Noting(sources=keys.sources, trust=keys.trust, memory=None, given=None, now=NOW)
    assert all(one.has_the_same_answer(noting) for one in asked.asked)
    assert set(purposes) == {"authentication", "assertionMethod"}
