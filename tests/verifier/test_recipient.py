"""The recipient check: yes, no, or cannot be told, and never more than that (W9)."""

import hashlib
import unicodedata

import pytest
from simulator import World

from verifier import Outcome, Verdict
from verifier.recipient import check_recipient


def subject(**members):
    return {"credentialSubject": {"id": "urn:uuid:1", "type": ["AchievementSubject"], **members}}


def identifier(text, kind, *, hashed=False, **more):
    return {"type": "IdentityObject", "hashed": hashed, "identityHash": text, "identityType": kind, **more}


def hashed(text, salt, kind="emailAddress", algorithm="sha256"):
    digest = hashlib.new(algorithm, (text + salt).encode()).hexdigest()
    return identifier(f"{algorithm}${digest}", kind, hashed=True, salt=salt)


NAMED = subject(name="Nguyễn Thị Minh Anh", familyName="Nguyễn", givenName="Minh Anh", additionalName="Thị")


@pytest.mark.parametrize(
    "typed",
    [
        "Nguyễn Thị Minh Anh",
        "  nguyễn   thị minh anh ",
        unicodedata.normalize("NFD", "Nguyễn Thị Minh Anh"),
        "NGUYỄN THỊ MINH ANH",
        "Minh Anh Nguyễn",
        "Minh Anh Thị Nguyễn",
    ],
)
def test_the_name_fits_however_it_is_written(typed):
    assert check_recipient(NAMED, typed).outcome is Outcome.passed


@pytest.mark.parametrize("typed", ["Nguyễn Thị Minh", "Nguyen Thi Minh Anh", "Anh", "x" * 10_000])
def test_another_name_does_not_fit(typed):
    found = check_recipient(NAMED, typed)
    assert (found.outcome, found.message) == (Outcome.failed, "No, the name does not fit.")


def test_the_published_hash_fits():
    vector = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
    badge = subject(identifier=[identifier(vector, "emailAddress", hashed=True, salt="Kosher")])
    assert check_recipient(badge, "a@example.com").outcome is Outcome.passed
    assert check_recipient(badge, "b@example.com").outcome is Outcome.failed


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_both_hashes_are_read_and_case_of_the_digits_does_not_matter(algorithm):
    one = hashed("a@example.com", "salt", algorithm=algorithm)
    one["identityHash"] = algorithm + "$" + one["identityHash"].partition("$")[2].upper()
    assert check_recipient(subject(identifier=[one]), "a@example.com").outcome is Outcome.passed


def test_every_identifier_is_tried():
    badge = subject(identifier=[hashed("old@example.com", "1"), hashed("new@example.com", "2")])
    assert check_recipient(badge, "new@example.com").outcome is Outcome.passed


def test_a_student_number_fits_but_its_absence_is_no_answer():
    badge = subject(identifier=[identifier("UEF-2231-0457", "sisSourcedId")])
    assert check_recipient(badge, "UEF-2231-0457").outcome is Outcome.passed
    assert check_recipient(badge, "Marija Šimić").outcome is Outcome.unknown


def test_an_address_cannot_be_told_from_a_name():
    found = check_recipient(NAMED, "anh@example.com")
    assert (found.outcome, found.message) == (Outcome.unknown, "This cannot be told from the certificate.")


@pytest.mark.parametrize("broken", ["sha512$00", "b5809d", "sha256", 7, None])
def test_a_hash_that_cannot_be_read_gives_no_answer(broken):
    badge = subject(identifier=[identifier(broken, "emailAddress", hashed=True)])
    assert check_recipient(badge, "a@example.com").outcome is Outcome.unknown


@pytest.mark.parametrize("nothing", [None, "", "   "])
def test_without_a_question_there_is_no_answer(nothing):
    assert check_recipient(NAMED, nothing).outcome is Outcome.skipped


@pytest.mark.parametrize("typed", ["Marija Šimić Čović", "Somebody Else", "who@example.com"])
def test_the_answer_never_changes_the_verdict(typed):
    world = World()
    issuer = world.issuer("badges.keystone.example")
    report = world.verifier().verify(issuer.badge(), recipient=typed)
    assert report.verdict is Verdict.valid
    assert typed not in str(report.check("recipient"))


def test_nothing_is_compared_before_the_signature_is_verified():
    world = World()
    issuer = world.issuer("badges.keystone.example")
    forged = issuer.badge().replace("Čović".encode(), b"Horvat")
    report = world.verifier().verify(forged, recipient="Marija Šimić Horvat")
    assert report.verdict is Verdict.invalid
    assert report.check("recipient").outcome is Outcome.skipped
