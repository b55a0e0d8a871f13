"""Withdrawn or not: lists that are read, lists that are refused, and the third answer (S1 to S6)."""

import copy
import json
from datetime import timedelta

import pytest
from simulator import EXTENSIONS, NOW, OB3, VC2, Failure, Policy, World, as_bytes, stamp

from ob3 import BitstringStatusList, Ob3Error
from verifier import InMemory, Outcome, TrustEntry, Verdict

HOST = "badges.keystone.example"
BOTH = ("revocation", "suspension")
WORDS = [{"status": f"0x{value:x}", "message": f"word {value}"} for value in range(4)]


@pytest.fixture
def world():
    return World()


@pytest.fixture
def issuer(world):
    return world.issuer(HOST)


def verify(world, badge, **options):
    report = world.verifier(**options).verify(badge)
    return report, report.check("status")


def with_entry(issuer, **members):
    entry = {**issuer.entry(412), **members}
    return issuer.badge(credentialStatus={name: value for name, value in entry.items() if value is not None})


def test_a_badge_that_is_not_on_the_list_passes(world, issuer):
    report, found = verify(world, issuer.badge())
    assert (report.verdict, found.code) == (Verdict.valid, "not_withdrawn")
    assert report.status_detail["list"] == issuer.list_url("revocation")
    assert report.status_detail["valid_until"] == stamp(NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("purpose", "verdict"), [("revocation", Verdict.revoked), ("suspension", Verdict.suspended)]
)
def test_a_badge_that_is_on_the_list_is_withdrawn(world, issuer, purpose, verdict):
    badge = issuer.badge(credentialStatus=issuer.entry(412, purpose))
    for neighbour in (411, 413):
        issuer.withdraw(neighbour, purpose)
    assert verify(world, badge)[0].verdict is Verdict.valid
    issuer.withdraw(412, purpose)
    report, found = verify(world, badge)
    assert (report.verdict, found.outcome) == (verdict, Outcome.failed)
    assert report.credential is not None


def test_every_entry_is_read_and_the_worst_answer_counts(world, issuer):
    badge = issuer.badge(credentialStatus=[issuer.entry(412, purpose) for purpose in reversed(BOTH)])
    assert verify(world, badge)[0].verdict is Verdict.valid
    issuer.withdraw(412, "suspension")
    assert verify(world, badge)[0].verdict is Verdict.suspended
    issuer.withdraw(412, "revocation")
    assert verify(world, badge)[0].verdict is Verdict.revoked
    world.fail(issuer.list_url("suspension"), Failure.down)
    assert verify(world, badge)[0].verdict is Verdict.revoked


def test_one_open_entry_leaves_it_open(world, issuer):
    badge = issuer.badge(credentialStatus=[issuer.entry(412, purpose) for purpose in BOTH])
    world.fail(issuer.list_url("suspension"), Failure.down)
    assert verify(world, badge)[0].verdict is Verdict.undetermined


def test_without_a_list_nothing_was_withdrawn(world, issuer):
    report, found = verify(world, issuer.badge(credentialStatus=None))
    assert (report.verdict, found.outcome, found.code) == (Verdict.valid, Outcome.skipped, "no_status")


@pytest.mark.parametrize("failure", list(Failure))
def test_a_list_that_does_not_answer_is_neither_good_nor_revoked(world, failure):
    issuer = world.issuer(HOST, method="key")
    badge = issuer.badge()
    for withdrawn in (False, True):
        if withdrawn:
            issuer.withdraw(412)
        world.fail(issuer.list_url("revocation"), failure)
        report, found = verify(world, badge)
        assert (report.verdict, found.outcome) == (Verdict.undetermined, Outcome.unknown)
    world.mend(issuer.list_url("revocation"))
    assert verify(world, badge)[0].verdict is Verdict.revoked


JCS = "eddsa-jcs-2022"


def tampered(document):
    changed = copy.deepcopy(document)
    bits = BitstringStatusList.decode(changed["credentialSubject"]["encodedList"])
    bits.set(7, True)
    changed["credentialSubject"]["encodedList"] = bits.encoded()
    return changed


def unsigned(document):
    return {name: value for name, value in document.items() if name != "proof"}


def worded(issuer):
    return unsigned(issuer.status_list("revocation")) | {"withoutMeaning": "to JSON-LD"}


def test_a_list_in_jcs_is_read(world, issuer):
    world.publish(
        issuer.list_url("revocation"),
        issuer.sign(unsigned(issuer.status_list("revocation")), cryptosuite=JCS),
    )
    assert verify(world, issuer.badge())[0].verdict is Verdict.valid


SWAPPED = {
    "tampered": (lambda issuer: tampered(issuer.status_list("revocation")), "list_not_proved"),
    "unsigned": (lambda issuer: unsigned(issuer.status_list("revocation")), "list_not_proved"),
    "other purpose": (
        lambda issuer: {**issuer.status_list("suspension"), "id": issuer.list_url("revocation")},
        "list_of_another_purpose",
    ),
    "other place": (lambda issuer: issuer.status_list("suspension"), "list_of_another_place"),
    "other issuer": (
        lambda issuer: issuer.status_list("revocation", issuer="did:web:other.example"),
        "list_of_another_issuer",
    ),
    "a badge": (lambda issuer: json.loads(issuer.badge()), "list_of_another_kind"),
    "wrong type": (
        lambda issuer: issuer.status_list("revocation", type=["VerifiableCredential"]),
        "list_of_another_kind",
    ),
    "inline context": (
        lambda issuer: {**issuer.status_list("revocation"), "@context": [VC2, {"x": "https://x.example/"}]},
        "list_of_another_kind",
    ),
    "run out": (
        lambda issuer: issuer.status_list("revocation", validUntil=stamp(NOW - timedelta(seconds=61))),
        "list_expired",
    ),
    "from the future": (
        lambda issuer: issuer.status_list("revocation", validFrom=stamp(NOW + timedelta(seconds=61))),
        "list_not_yet_valid",
    ),
    "without a date": (
        lambda issuer: issuer.sign(
            {name: v for name, v in unsigned(issuer.status_list("revocation")).items() if name != "validFrom"}
        ),
        "list_undated",
    ),
    "from no day": (lambda issuer: issuer.status_list("revocation", validFrom="yesterday"), "list_malformed"),
    "until no day": (lambda issuer: issuer.status_list("revocation", validUntil="soon"), "list_malformed"),
    "words without meaning": (lambda issuer: issuer.sign(worded(issuer), cryptosuite=JCS), "list_not_proved"),
    "array": (lambda issuer: [issuer.status_list("revocation")], "list_malformed"),
    "garbage": (lambda issuer: b"\xff\xfe", "list_malformed"),
}


@pytest.mark.parametrize(("minutes", "code"), [(-2, "list_expired"), (5, "not_withdrawn")])
def test_the_end_of_its_proof_ends_a_list(world, issuer, minutes, code):
    document = unsigned(issuer.status_list("revocation"))
    ending = issuer.sign(document, expires=stamp(NOW + timedelta(minutes=minutes)))
    world.publish(issuer.list_url("revocation"), ending)
    assert verify(world, issuer.badge())[1].code == code


@pytest.mark.parametrize("swap", SWAPPED)
def test_a_list_that_is_not_the_issuers_own_leaves_it_open(world, issuer, swap):
    make, code = SWAPPED[swap]
    content = make(issuer)
    world.publish(
        issuer.list_url("revocation"), content if isinstance(content, bytes) else json.dumps(content).encode()
    )
    report, found = verify(world, issuer.badge())
    assert (report.verdict, found.outcome, found.code) == (Verdict.undetermined, Outcome.unknown, code)
    issuer.publish_list("revocation")
    assert verify(world, issuer.badge())[0].verdict is Verdict.valid


def test_a_strangers_signature_on_the_list_leaves_it_open(world, issuer):
    stranger = world.issuer("stranger.example")
    forged = stranger.sign(unsigned(issuer.status_list("revocation")))
    world.publish(issuer.list_url("revocation"), forged)
    assert verify(world, issuer.badge())[1].code == "list_not_proved"


def test_a_list_whose_key_nobody_confirms_leaves_it_open(world, issuer):
    issuer.did = f"https://{HOST}/issuers/1"
    issuer.verification_method = f"{issuer.did}#{issuer.key.public_key.multikey}"
    entry = TrustEntry(issuer_id=issuer.did, name="Keystone", keys=(issuer.key.public_key.multikey,))
    badge = issuer.badge()
    issuer.publish_list("revocation")
    assert verify(world, badge, trust=[entry])[0].verdict is Verdict.valid
    stranger = world.issuer("stranger.example")
    forged = stranger.sign(
        unsigned(issuer.status_list("revocation")),
        verification_method=f"{issuer.did}#{stranger.key.public_key.multikey}",
    )
    world.publish(issuer.list_url("revocation"), forged)
    report, found = verify(world, badge, trust=[entry])
    assert (report.verdict, found.code) == (Verdict.undetermined, "list_not_proved")


@pytest.mark.parametrize(
    "subject",
    [
        {"encodedList": "u"},
        {"encodedList": "H4sIAAAA"},
        {"encodedList": 7},
        {"encodedList": BitstringStatusList().encoded()[1:]},
        {"type": "StatusList2021"},
    ],
)
def test_a_list_with_another_content_leaves_it_open(world, issuer, subject):
    document = unsigned(issuer.status_list("revocation"))
    document["credentialSubject"] |= subject
    try:
        world.publish(issuer.list_url("revocation"), issuer.sign(document))
    except Ob3Error:  # a type that no context defines cannot be signed at all
        world.publish(issuer.list_url("revocation"), document)
    assert verify(world, issuer.badge())[0].verdict is Verdict.undetermined


@pytest.mark.parametrize(
    "index", ["abc", "9_4567", " 412", "412 ", "٩٤٥", "0412", "-1", "+1", "4e2", "", "1" * 40, None]
)
def test_an_index_of_another_form_is_invalid(world, issuer, index):
    report, _ = verify(world, with_entry(issuer, statusListIndex=index))
    assert report.verdict is Verdict.invalid


@pytest.mark.parametrize(
    ("index", "verdict"), [("0", "valid"), ("131071", "valid"), ("131072", "undetermined")]
)
def test_an_index_beyond_the_list_leaves_it_open(world, issuer, index, verdict):
    report, found = verify(world, with_entry(issuer, statusListIndex=index))
    assert report.verdict == verdict
    assert (found.code == "index_beyond_list") == (verdict == "undetermined")


@pytest.mark.parametrize("member", ["statusListCredential", "statusPurpose"])
def test_an_entry_without_its_members_is_invalid(world, issuer, member):
    assert verify(world, with_entry(issuer, **{member: None}))[0].verdict is Verdict.invalid


@pytest.mark.parametrize(
    ("members", "verdict", "outcome"),
    [
        ({"statusPurpose": "unheard-of"}, Verdict.undetermined, Outcome.unknown),
        ({"statusSize": 2, "statusMessage": WORDS}, Verdict.undetermined, Outcome.unknown),
        ({"statusSize": 2}, Verdict.invalid, Outcome.failed),
        ({"statusSize": 0}, Verdict.invalid, Outcome.failed),
        ({"id": f"https://{HOST}/status/revocation"}, Verdict.invalid, Outcome.failed),
        ({"statusSize": 1}, Verdict.valid, Outcome.passed),
    ],
)
def test_entries_that_say_something_else(world, issuer, members, verdict, outcome):
    report, found = verify(world, with_entry(issuer, **members))
    assert (report.verdict, found.outcome) == (verdict, outcome)


def test_an_entry_of_another_type_leaves_it_open(world, issuer):
    entry = {"id": f"https://{HOST}/refresh/1", "type": "1EdTechCredentialRefresh"}
    badge = issuer.badge(**{"@context": [VC2, OB3, EXTENSIONS], "credentialStatus": entry})
    report, found = verify(world, badge)
    assert (report.verdict, found.code) == (Verdict.undetermined, "status_type_unknown")


def test_at_most_eight_entries_are_read(world, issuer):
    def badge(count):
        return issuer.badge(credentialStatus=[issuer.entry(at) for at in range(count)])

    assert verify(world, badge(8))[0].verdict is Verdict.valid
    assert world.requests.count(issuer.list_url("revocation")) == 1
    report, found = verify(world, badge(9))
    assert (report.verdict, found.code) == (Verdict.refused, "limit_count")


def test_fetches_run_out_before_a_badge_makes_us_ask_everybody(world, issuer):
    entries = [{**issuer.entry(1), "statusListCredential": f"https://host{at}.example/1"} for at in range(8)]
    report, found = verify(
        world, issuer.badge(credentialStatus=entries), policy=Policy(isolate=False, max_fetches=3)
    )
    assert (report.verdict, found.outcome) == (Verdict.undetermined, Outcome.unknown)
    assert len(world.requests) == 3


def test_a_lists_own_status_is_not_followed(world, issuer):
    issuer.publish_list("revocation", credentialStatus=issuer.entry(1, "suspension"))
    assert verify(world, issuer.badge())[0].verdict is Verdict.valid
    assert issuer.list_url("suspension") not in world.requests


def test_an_older_list_than_one_seen_before_is_refused(world, issuer):
    memory = InMemory()
    older = world.pages[issuer.list_url("revocation")][0]
    world.now += timedelta(hours=1)
    issuer.withdraw(412)
    assert verify(world, issuer.badge(), memory=memory)[0].verdict is Verdict.revoked
    world.now += timedelta(minutes=5)
    world.publish(issuer.list_url("revocation"), older)
    report, found = verify(world, issuer.badge(), memory=memory)
    assert (report.verdict, found.code) == (Verdict.undetermined, "list_rolled_back")
    assert verify(world, issuer.badge())[0].verdict is Verdict.valid  # who remembers nothing cannot tell


@pytest.mark.parametrize(
    ("headers", "ttl", "seconds", "asked_again"),
    [
        ({}, None, 59, False),
        ({}, None, 60, True),
        ({"cache-control": "public, max-age=300"}, None, 61, True),
        ({"cache-control": "max-age=10"}, None, 9, False),
        ({"cache-control": "max-age=10"}, None, 11, True),
        ({"cache-control": "no-store"}, None, 1, True),
        ({}, 5000, 4, False),
        ({}, 5000, 6, True),
    ],
)
def test_a_foreign_list_is_kept_for_a_minute_at_most(world, issuer, headers, ttl, seconds, asked_again):
    url, memory = issuer.list_url("revocation"), InMemory()
    document = unsigned(issuer.status_list("revocation"))
    if ttl is not None:
        document["credentialSubject"]["ttl"] = ttl
    world.publish(url, issuer.sign(document), **headers)
    assert verify(world, issuer.badge(), memory=memory)[0].verdict is Verdict.valid
    world.now += timedelta(seconds=seconds)
    world.requests.clear()
    assert verify(world, issuer.badge(), memory=memory)[0].verdict is Verdict.valid
    assert (url in world.requests) is asked_again


def test_our_own_list_is_read_fresh(world, issuer):
    memory, url = InMemory(), issuer.list_url("revocation")

    def local(asked):
        return world.pages[url][0] if asked == url else None

    assert verify(world, issuer.badge(), memory=memory, local=local)[0].verdict is Verdict.valid
    issuer.withdraw(412)
    assert verify(world, issuer.badge(), memory=memory, local=local)[0].verdict is Verdict.revoked
    assert url not in world.requests


def test_dates_do_not_hide_an_open_question_and_a_revocation_comes_first(world):
    issuer = world.issuer(HOST, method="key")
    expired = issuer.badge(validUntil="2026-06-01T00:00:00Z")
    assert verify(world, expired)[0].verdict is Verdict.expired
    world.fail(issuer.list_url("revocation"), Failure.down)
    report, _ = verify(world, expired)
    assert (report.verdict, report.check("dates").code) == (Verdict.undetermined, "expired")
    world.mend(issuer.list_url("revocation"))
    issuer.withdraw(412)
    assert verify(world, expired)[0].verdict is Verdict.revoked


def test_a_changed_badge_is_invalid_whatever_its_status(world, issuer):
    badge = as_bytes({**json.loads(issuer.badge()), "name": "Another title"})
    issuer.withdraw(412)
    assert verify(world, badge)[0].verdict is Verdict.invalid
