"""The one sentence for each verdict and each state of the issuer: the wording of the design, to the word."""

import itertools

import pytest
from app_fakes import World
from markupsafe import Markup

from app.clauses import REASONS
from app.phrases import isolated
from app.sentences import ERASED, look, sentence
from verifier import IssuerTrust, Verdict

KNOWN, UNKNOWN = IssuerTrust.trusted, IssuerTrust.unknown
VALUES = {
    "institution": "Vltavská univerzita",
    "name": "Kateřina",
    "awarded": "30 June 2026",
    "until": "1 July 2026",
    "from": "3 July 2026",
    "date": "12 October 2026",
    "reason": "it was issued in error",
    "host": "badges.example",
    "what": "the list",
    "fault": "it cannot be read without error",
    "suite": "xyz-2030",
    "limit": "it is too large",
}
TABLE = {
    ("valid", KNOWN): "This certificate is **good**: {institution} awarded it to {name} on {awarded}.",
    (
        "valid",
        UNKNOWN,
    ): "**The issuer is not known to us**: the file is unaltered and was signed by whoever controls "
    "{host}, but we cannot say who that is.",
    (
        "expired",
        KNOWN,
    ): "This certificate **expired** on {until}: {institution} awarded it to {name} on {awarded}, to be "
    "good until that day.",
    (
        "expired",
        UNKNOWN,
    ): "**The issuer is not known to us**, and the certificate **expired** on {until}: it was signed "
    "by whoever controls {host}.",
    ("not_yet_valid", KNOWN): "This certificate is **not yet valid**: {institution} has dated it {from}.",
    (
        "not_yet_valid",
        UNKNOWN,
    ): "**The issuer is not known to us**, and the certificate is **not yet valid**: whoever "
    "controls {host} has dated it {from}.",
    ("revoked", KNOWN): "This certificate was **revoked** on {date} by {institution}, because {reason}.",
    (
        "revoked",
        UNKNOWN,
    ): "This certificate was **revoked** by its issuer, and **that issuer is not known to us**: it is "
    "whoever controls {host}.",
    (
        "suspended",
        KNOWN,
    ): "This certificate has been **suspended** by {institution} since {date}: until the suspension "
    "is lifted it does not count.",
    (
        "suspended",
        UNKNOWN,
    ): "This certificate is **suspended** by its issuer, and **that issuer is not known to us**: it "
    "is whoever controls {host}.",
    ("invalid", KNOWN): "This certificate is **not valid**: {fault}.",
    ("invalid", UNKNOWN): "This certificate is **not valid**: {fault}.",
    ("undetermined", KNOWN): "This certificate **could not be checked** to the end: {what} did not answer.",
    (
        "undetermined",
        UNKNOWN,
    ): "**The issuer is not known to us**, and the certificate **could not be checked** to the "
    "end: {what} did not answer.",
    (
        "unsupported",
        KNOWN,
    ): "This file **could not be checked**: it is signed in a way that we do not know ({suite}).",
    (
        "unsupported",
        UNKNOWN,
    ): "This file **could not be checked**: it is signed in a way that we do not know ({suite}).",
    ("refused", KNOWN): "We **refused to check** this file: {limit}.",
    ("refused", UNKNOWN): "We **refused to check** this file: {limit}.",
}
LOOKS = {
    ("valid", KNOWN): ("is-good", "good", "Good"),
    ("valid", UNKNOWN): ("is-open unknown-issuer", "unknown-issuer", "Issuer not known to us"),
    ("expired", KNOWN): ("is-past", "time", "Expired"),
    ("expired", UNKNOWN): ("is-open unknown-issuer", "unknown-issuer", "Issuer not known to us"),
    ("not_yet_valid", KNOWN): ("is-past", "time", "Not yet valid"),
    ("not_yet_valid", UNKNOWN): ("is-open unknown-issuer", "unknown-issuer", "Issuer not known to us"),
    **{("revoked", trust): ("is-bad", "revoked", "Revoked") for trust in IssuerTrust},
    **{("suspended", trust): ("is-bad", "suspended", "Suspended") for trust in IssuerTrust},
    **{("invalid", trust): ("is-bad", "invalid", "Not valid") for trust in IssuerTrust},
    **{("refused", trust): ("is-bad", "invalid", "Refused") for trust in IssuerTrust},
    **{("undetermined", trust): ("is-open", "open", "Could not be checked") for trust in IssuerTrust},
    **{("unsupported", trust): ("is-open", "open", "Could not be checked") for trust in IssuerTrust},
}
EVERY_CASE = list(itertools.product(Verdict, IssuerTrust))


@pytest.fixture(autouse=True)
def _page(tmp_path, credential):
    with World(tmp_path, credential).app.test_request_context("/", base_url="https://badges.example.edu"):
        yield


def as_markup(template: str) -> str:
    pieces = template.split("**")
    return "".join(
        f"<strong>{piece}</strong>" if at % 2 else piece for at, piece in enumerate(pieces)
    ).format(**VALUES)


@pytest.mark.parametrize(("verdict", "trust"), EVERY_CASE)
def test_the_sentence_is_the_one_of_the_design(verdict, trust):
    assert sentence(verdict, trust, VALUES).text == as_markup(TABLE[verdict.value, trust])


@pytest.mark.parametrize(("verdict", "trust"), EVERY_CASE)
def test_the_look_is_the_one_of_the_design(verdict, trust):
    seen = look(verdict, trust)
    assert (seen.css_class, seen.mark, str(seen.word)) == LOOKS[verdict.value, trust]


def test_only_a_valid_certificate_of_a_known_issuer_is_green():
    green = [case for case in EVERY_CASE if look(*case).css_class == "is-good"]
    assert green == [(Verdict.valid, KNOWN)]


@pytest.mark.parametrize(
    "verdict", [Verdict.valid, Verdict.expired, Verdict.not_yet_valid, Verdict.undetermined]
)
def test_an_unknown_issuer_is_said_first(verdict):
    assert sentence(verdict, UNKNOWN, VALUES).text.startswith(
        "<strong>The issuer is not known to us</strong>"
    )


@pytest.mark.parametrize("verdict", [v for v in Verdict if v not in (Verdict.invalid, Verdict.refused)])
def test_a_key_without_a_web_address_names_no_owner(verdict):
    values = {key: value for key, value in VALUES.items() if key != "host"}
    said = sentence(verdict, UNKNOWN, values).plain
    assert "whoever controls" not in said
    if verdict not in (Verdict.undetermined, Verdict.unsupported):
        assert "a key that names no owner" in said


def test_a_withdrawal_without_a_reason_says_so():
    values = {"institution": "Vltavská univerzita"}
    revoked = sentence(Verdict.revoked, KNOWN, values).plain
    assert revoked == "This certificate was revoked by Vltavská univerzita; no reason is given."
    suspended = sentence(Verdict.suspended, KNOWN, values).plain
    assert suspended.startswith("This certificate has been suspended by Vltavská univerzita: until")


def test_what_could_not_be_told_is_no_silence():
    values = {"untold": "we could not tell whether the key belongs to Vltavská univerzita"}
    said = sentence(Verdict.undetermined, KNOWN, values).plain
    assert said == f"This certificate could not be checked to the end: {values['untold']}."


@pytest.mark.parametrize(("verdict", "trust"), EVERY_CASE)
def test_every_case_can_be_said_with_next_to_nothing(verdict, trust):
    """Names, dates and reasons may be missing; what the verdict itself rests on is always known."""
    always = {
        "institution": "U",
        "until": "a day",
        "from": "a day",
        "fault": "f",
        "limit": "l",
        "untold": "u",
    }
    assert sentence(verdict, trust, always).plain.endswith(".")


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.valid, "This statement is good: U made it."),
        (Verdict.expired, "This statement expired on a day: U made it."),
        (Verdict.not_yet_valid, "This statement is not yet valid: U has dated it a day."),
        (Verdict.revoked, "This statement was withdrawn by U."),
        (
            Verdict.suspended,
            "This statement has been suspended by U: until the suspension is lifted it does not count.",
        ),
    ],
)
def test_a_statement_is_awarded_to_nobody(verdict, said):
    values = {"institution": "U", "until": "a day", "from": "a day", "name": "N", "awarded": "a day"}
    assert sentence(verdict, KNOWN, {**values, "statement": True}).plain == said
    assert "This certificate" in sentence(verdict, KNOWN, values).plain


ADVICE = {
    "revoked": "Do not rely on it. "
    "Ask the holder for the corrected certificate, or ask the university’s office.",
    "invalid": "The name in the file proves nothing. Ask the holder for the original file.",
    "undetermined": "What could be checked is in order. This is neither a yes nor a no.",
    "refused": "This says nothing about the holder. Ask for the original file.",
    "unsupported": "This says nothing about the holder. Ask for the original file.",
}


@pytest.mark.parametrize("verdict", list(ADVICE))
def test_the_advice_is_the_one_of_the_design(verdict):
    assert sentence(Verdict(verdict), KNOWN, VALUES).advice == ADVICE[verdict]


def test_the_reader_of_an_unknown_issuer_is_told_what_to_find_out():
    advice = sentence(Verdict.valid, UNKNOWN, VALUES).advice
    assert advice == "Before you rely on it, find out who stands behind that address."
    assert sentence(Verdict.valid, KNOWN, VALUES).advice is None


def test_what_is_not_in_order_is_not_called_so():
    assert (
        sentence(Verdict.undetermined, KNOWN, VALUES, in_order=False).advice
        == "This is neither a yes nor a no."
    )


def test_values_from_outside_stay_text():
    values = {**VALUES, "name": isolated("<script>alert(1)</script>"), "institution": "<b>U</b>"}
    said = sentence(Verdict.valid, KNOWN, values).text
    assert "<script>" not in said
    assert "<b>" not in said
    assert isinstance(said, Markup)


def test_the_reasons_are_those_of_the_closed_list():
    assert {key: str(text) for key, text in REASONS.items()} == {
        "replaced": "a mistake was found in the name or the grade "
        "and a corrected certificate has replaced it",
        "error": "it was issued in error",
        "board": "the examination board has decided so",
        "wish": "the holder has asked for it",
        "key": "the key that signed it is no longer safe; the holder has been offered a new certificate",
    }


def test_an_erased_certificate_has_its_sentence():
    assert "**erased at the holder’s wish**" in str(ERASED)
