"""The recipient check: yes, no, or cannot be told, and never more than that (W9)."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
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


def test_a_wallet_fits_by_its_did_and_by_nothing_else():
    badge = {"credentialSubject": {"id": "did:key:z6Mk1", "type": ["AchievementSubject"]}}
    assert check_recipient(badge, "did:key:z6Mk1").code == "recipient_fits"
    assert check_recipient(badge, "did:key:z6Mk2").code == "recipient_untold"


@pytest.mark.parametrize(("unseen", "code"), [(5, "recipient_fits"), (600, "recipient_differs")])
def test_an_address_longer_than_any_is_not_read(unseen, code):
    address = "an" + "\N{ZERO WIDTH SPACE}" * unseen + "@sv.example"
    badge = subject(identifier=[identifier(address, "emailAddress")])
    assert check_recipient(badge, "an@sv.example").code == code


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


@pytest.mark.parametrize(
    "broken",
    ["sha512$00", "b5809d", "sha256", "sha256$", "sha256$" + "g" * 64, "md5$" + "0" * 64, 7, None],
)
def test_a_hash_that_cannot_be_read_gives_no_answer(broken):
    badge = subject(identifier=[identifier(broken, "emailAddress", hashed=True)])
    assert check_recipient(badge, "a@example.com").outcome is Outcome.unknown


@pytest.mark.parametrize("members", [{"salt": 7}, {"hashed": "true"}, {"hashed": None}])
def test_an_identifier_out_of_form_gives_no_answer(members):
    sound = hashed("a@example.com", "salt")
    assert check_recipient(subject(identifier=[sound]), "a@example.com").outcome is Outcome.passed
    badge = subject(identifier=[{**sound, **members}])
    assert check_recipient(badge, "a@example.com").outcome is Outcome.unknown


MAIL = "Anna.Müller@Bücher.example"
ASCII_DOMAIN = "anna.müller@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "typed",
    [
        MAIL,
        ASCII_DOMAIN,
        MAIL.lower(),
        MAIL.upper(),
        f"  {MAIL}\n",
        f"\u200b{MAIL}\u200e",
        f"\u00a0{MAIL}",
        f"mailto:{MAIL}",
        unicodedata.normalize("NFD", MAIL),
        MAIL + ".",
    ],
)
@pytest.mark.parametrize("stated", [MAIL, ASCII_DOMAIN])
def test_an_address_fits_in_every_spelling_that_reaches_the_same_person(stated, typed):
    plain = subject(identifier=[identifier(stated, "emailAddress")])
    assert check_recipient(plain, typed).outcome is Outcome.passed
    assert check_recipient(subject(email=stated), typed).outcome is Outcome.passed
    assert check_recipient(subject(id=f"mailto:{stated}"), typed).outcome is Outcome.passed


@pytest.mark.parametrize("typed", [MAIL.lower(), ASCII_DOMAIN, f" {MAIL.lower()} ", MAIL.upper(), MAIL])
@pytest.mark.parametrize(
    "written", [MAIL.lower(), ASCII_DOMAIN, "anna.müller@bücher.example", "anna.müller@xn--bcher-kva.example"]
)
def test_a_hashed_address_fits_whichever_usual_spelling_was_hashed(written, typed):
    badge = subject(identifier=[hashed(written, "pepper")])
    assert check_recipient(badge, typed).outcome is Outcome.passed


def test_a_hash_of_an_address_with_capitals_needs_them():
    badge = subject(identifier=[hashed("Anna@example.com", "pepper")])
    assert check_recipient(badge, "Anna@EXAMPLE.com").outcome is Outcome.passed
    assert check_recipient(badge, "anna@example.com").outcome is Outcome.failed


@pytest.mark.parametrize(
    "typed",
    [
        "anna.mueller@bücher.example",
        "anna.müller@bucher.example",
        "annamüller@bücher.example",
        "anna.müller@bücher.example.evil.example",
        "anna.müller@bücher.example@evil.example",
        "anna.müller+x@bücher.example",
        "anna müller@bücher.example",
        "@",
    ],
)
def test_another_address_does_not_fit(typed):
    for one in (identifier(MAIL, "emailAddress"), hashed(MAIL.lower(), "pepper")):
        assert check_recipient(subject(identifier=[one]), typed).outcome is Outcome.failed


def test_letters_that_are_alike_in_names_are_not_alike_in_addresses():
    assert check_recipient(subject(name="Anna Strauß"), "ANNA STRAUSS").outcome is Outcome.passed
    for stated, typed in (("strauß@x.example", "strauss@x.example"), ("a@faß.example", "a@fass.example")):
        badge = subject(identifier=[identifier(stated, "emailAddress"), hashed(stated, "1")])
        assert check_recipient(badge, stated).outcome is Outcome.passed
        assert check_recipient(badge, typed).outcome is Outcome.failed


def test_the_kind_of_identifier_must_fit_what_was_typed():
    """A number that looks like an address is none, and a book's number is nobody's."""
    for kind in ("userName", "ltiUserId", "name", None, 7):
        badge = subject(identifier=[identifier("a@example.com", kind), hashed("a@example.com", "1", kind)])
        assert check_recipient(badge, "a@example.com").outcome is Outcome.unknown
    for kind in ("isbn", "ltiContextId", "productId"):
        badge = subject(identifier=[identifier("978-3-16", kind), hashed("978-3-16", "1", kind)])
        assert check_recipient(badge, "978-3-16").outcome is Outcome.unknown
    for kind in ("sisSourcedId", "nationalIdentityNumber", "ext:matriculation"):
        badge = subject(identifier=[hashed("978-3-16", "1", kind)])
        assert check_recipient(badge, "978-3-16").outcome is Outcome.passed


def test_a_hashed_number_fits_in_either_case():
    badge = subject(identifier=[hashed("UEF-2231-0457", "1", "sisSourcedId")])
    assert check_recipient(badge, " uef-2231-0457 ").outcome is Outcome.passed
    assert check_recipient(badge, "uef-2231-0458").outcome is Outcome.unknown


def test_the_salt_may_be_missing():
    one = hashed("a@example.com", "")
    del one["salt"]
    assert check_recipient(subject(identifier=[one]), "a@example.com").outcome is Outcome.passed
    assert check_recipient(subject(identifier=one), "a@example.com").outcome is Outcome.passed


def test_an_endless_address_is_not_taken_apart():
    endless = "a@xn--" + "9" * 1_000_000 + ".example"
    badge = subject(
        identifier=[identifier(endless, "emailAddress"), identifier("a@b.example", "emailAddress")]
    )
    assert check_recipient(badge, endless).outcome is Outcome.failed
    assert check_recipient(badge, "a@b.example").outcome is Outcome.passed


def test_joiners_make_another_word():
    badge = subject(name="نام\u200cها")
    assert check_recipient(badge, "نام\u200cها").outcome is Outcome.passed
    assert check_recipient(badge, "نامها").outcome is Outcome.failed


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=10))
def test_any_text_is_compared_without_error(stated, typed, salt):
    of = [identifier(stated, kind) for kind in ("emailAddress", "name")]
    of += [hashed(stated, salt, kind) for kind in ("emailAddress", "name")] if stated.isascii() else []
    found = check_recipient(subject(name=stated, email=stated, identifier=of), typed)
    assert found.id == "recipient"


@given(st.from_regex(r"[a-z0-9.]{1,9}@[a-zäöüßłж]{1,9}\.example", fullmatch=True), st.booleans())
def test_an_address_always_fits_itself(address, as_hash):
    one = hashed(address, "1") if as_hash else identifier(address, "emailAddress")
    assert check_recipient(subject(identifier=[one]), address).outcome is Outcome.passed
    assert check_recipient(subject(identifier=[one]), "x" + address).outcome is Outcome.failed


@pytest.mark.parametrize("nothing", [None, "", "   ", "\u200b"])
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
