"""Lists of notes and of newer versions: read with all rules, shown in words, and nothing is taken back."""

import pytest
from simulator import NOW, Failure, World, stamp

from ob3.status_list import SMALLEST_LENGTH, BitstringStatusList
from verifier import Outcome, Verdict

HOST = "badges.keystone.example"
WORDS = ("pending review", "accepted", "rejected", "undefined")


@pytest.fixture
def world():
    return World()


@pytest.fixture
def issuer(world):
    return world.issuer(HOST)


def publish(issuer, purpose, values, *, size=1, length=None, **changes):
    """Publish a list of values of several bits, signed for real."""
    bits = BitstringStatusList(length or SMALLEST_LENGTH * size)
    for index, value in values.items():
        for at in range(size):
            bits.set(index * size + at, bool(value >> (size - 1 - at) & 1))
    issuer.withdrawn.setdefault(purpose, set())
    credential = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": issuer.list_url(purpose),
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": stamp(NOW),
        "credentialSubject": {
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": bits.encoded(),
        },
        **changes,
    }
    issuer.world.publish(issuer.list_url(purpose), issuer.sign(credential))


def message_entry(issuer, *, size=2, words=WORDS, index=412):
    stated = [{"status": f"0x{value:x}", "message": text} for value, text in enumerate(words)]
    return {**issuer.entry(index, "message"), "statusSize": size, "statusMessage": stated}


def verify(world, issuer, *entries):
    report = world.verifier().verify(issuer.badge(credentialStatus=list(entries)))
    return report, report.check("status")


@pytest.mark.parametrize(("value", "words"), [(0, "pending review"), (1, "accepted"), (2, "rejected")])
def test_a_note_is_shown_in_the_words_of_the_issuer(world, issuer, value, words):
    publish(issuer, "message", {411: 3, 412: value, 413: 3}, size=2)
    report, found = verify(world, issuer, message_entry(issuer))
    assert (report.verdict, found.outcome, found.code) == (Verdict.valid, Outcome.warning, "status_message")
    assert words in found.message


def test_a_value_without_words_is_named(world, issuer):
    publish(issuer, "message", {412: 3}, size=2)
    report, found = verify(world, issuer, message_entry(issuer))
    assert (report.verdict, found.code) == (Verdict.valid, "message_without_words")
    assert "0x3" in found.message


@pytest.mark.parametrize(("value", "code"), [(0, "no_message"), (1, "status_message")])
def test_a_note_of_one_bit_needs_no_words(world, issuer, value, code):
    publish(issuer, "message", {412: value})
    report, found = verify(world, issuer, issuer.entry(412, "message"))
    assert (report.verdict, found.code) == (Verdict.valid, code)


@pytest.mark.parametrize(("value", "code"), [(0, "no_newer_version"), (1, "newer_version")])
def test_a_newer_version_takes_nothing_back(world, issuer, value, code):
    publish(issuer, "refresh", {412: value})
    report, found = verify(world, issuer, issuer.entry(412, "refresh"))
    assert (report.verdict, found.code) == (Verdict.valid, code)


def test_a_revocation_comes_before_every_note(world, issuer):
    publish(issuer, "message", {412: 2}, size=2)
    issuer.withdraw(412)
    report, _ = verify(world, issuer, message_entry(issuer), issuer.entry(412))
    assert report.verdict is Verdict.revoked


def test_of_several_notes_all_are_shown_beside_the_list_of_withdrawals(world, issuer):
    publish(issuer, "message", {5: 1, 6: 2}, size=2)
    report, found = verify(
        world, issuer, issuer.entry(412), message_entry(issuer, index=5), message_entry(issuer, index=6)
    )
    assert (report.verdict, found.detail["message"]) == (Verdict.valid, "accepted; rejected")
    assert report.status_detail["list"] == issuer.list_url("revocation")


@pytest.mark.parametrize("purpose", ["message", "refresh"])
def test_a_list_of_notes_that_does_not_answer_leaves_it_open(world, issuer, purpose):
    publish(issuer, purpose, {})
    assert verify(world, issuer, issuer.entry(412, purpose))[0].verdict is Verdict.valid
    world.fail(issuer.list_url(purpose), Failure.down)
    report, found = verify(world, issuer, issuer.entry(412, purpose))
    assert (report.verdict, found.code) == (Verdict.undetermined, "status_unreachable")


def test_a_list_of_notes_is_the_issuers_own(world, issuer):
    publish(issuer, "message", {412: 1}, size=2)
    stranger = world.issuer("stranger.example")
    forged = stranger.status_list("revocation", id=issuer.list_url("message"), issuer=issuer.did)
    world.publish(issuer.list_url("message"), forged)
    report, found = verify(world, issuer, message_entry(issuer))
    assert (report.verdict, found.outcome) == (Verdict.undetermined, Outcome.unknown)


def test_a_list_of_two_bits_needs_twice_as_many_bits(world, issuer):
    publish(issuer, "message", {412: 1}, size=2, length=SMALLEST_LENGTH)
    report, found = verify(world, issuer, message_entry(issuer))
    assert (report.verdict, found.code) == (Verdict.undetermined, "list_malformed")
    publish(issuer, "message", {412: 1}, size=2)
    assert verify(world, issuer, message_entry(issuer))[0].verdict is Verdict.valid


def test_more_bits_than_we_read_leave_it_open(world, issuer):
    publish(issuer, "message", {412: 1}, size=2)
    entry = {**message_entry(issuer), "statusSize": 9}
    report, found = verify(world, issuer, entry)
    assert (report.verdict, found.code) == (Verdict.undetermined, "status_size_unread")


@pytest.mark.parametrize("words", [WORDS[:3], (*WORDS, "more")])
def test_an_entry_with_too_few_or_too_many_words_is_invalid(world, issuer, words):
    publish(issuer, "message", {412: 1}, size=2)
    report, found = verify(world, issuer, message_entry(issuer, words=words))
    assert (report.verdict, found.code) == (Verdict.invalid, "status_malformed")


def test_an_endless_note_is_cut(world, issuer):
    publish(issuer, "message", {412: 1}, size=2)
    _, found = verify(world, issuer, message_entry(issuer, words=("a", "b" * 5_000, "c", "d")))
    assert len(found.message) < 400
