"""The truth table of the verdict: every combination of what decides, against the rules written once more."""

import itertools

import pytest

from verifier import Check, Outcome, Verdict
from verifier.report import CHECK_IDS
from verifier.verdict import REQUIRED, decide

GOOD = dict.fromkeys(CHECK_IDS, (Outcome.passed, "fine"))


def judged(**changes):
    return decide([Check(one, *{**GOOD, **changes}[one], message="") for one in CHECK_IDS])


EARLY = {
    "passed": (Outcome.passed, "fine"),
    "warned": (Outcome.warning, "schema_unread"),
    "false": (Outcome.failed, "no_meaning"),
    "limit": (Outcome.failed, "limit_work"),
    "older": (Outcome.unknown, "unsupported_version"),
}
SIGNATURE = {
    "passed": (Outcome.passed, "signature_fits"),
    "warned": (Outcome.warning, "another_proof_fails"),
    "false": (Outcome.failed, "signature_misfit"),
    "open": (Outcome.unknown, "no_key"),
    "suite": (Outcome.unknown, "unsupported_suite"),
    "not made": (Outcome.skipped, "stopped_earlier"),
}
KEY = {
    "passed": (Outcome.passed, "key_published"),
    "foreign": (Outcome.failed, "key_of_another"),
    "open": (Outcome.unknown, "keys_unreachable"),
}
DATES = {
    "in force": (Outcome.passed, "in_force"),
    "expired": (Outcome.failed, "expired"),
    "early": (Outcome.failed, "not_yet_valid"),
    "malformed": (Outcome.failed, "date_malformed"),
}
STATUS = {
    "clear": (Outcome.passed, "not_withdrawn"),
    "none": (Outcome.skipped, "no_status"),
    "revoked": (Outcome.failed, "revoked"),
    "suspended": (Outcome.failed, "suspended"),
    "open": (Outcome.unknown, "status_unreachable"),
    "too many": (Outcome.failed, "limit_count"),
}
ENDORSEMENTS = {
    "none": (Outcome.skipped, "no_endorsements"),
    "lapsed": (Outcome.warning, "endorsement_lapsed"),
    "false": (Outcome.failed, "endorsement_false"),
    "open": (Outcome.unknown, "endorsement_unclear"),
}


def expected(early, key, signature, dates, status, endorsements):
    """Say the rules in the reader's order, independent of codes."""
    if early == "false" or key == "foreign" or signature == "false":
        return Verdict.invalid
    if dates == "malformed" or endorsements == "false":
        return Verdict.invalid
    if early == "limit" or status == "too many":
        return Verdict.refused
    if early == "older" or signature == "suite":
        return Verdict.unsupported
    if key == "open" or signature in ("open", "not made"):
        return Verdict.undetermined
    if status in ("revoked", "suspended"):
        return Verdict(status)
    if dates == "early":
        return Verdict.not_yet_valid
    if status == "open" or endorsements == "open":
        return Verdict.undetermined
    return Verdict.expired if dates == "expired" else Verdict.valid


def test_every_row_of_the_table():
    rows = list(itertools.product(EARLY, KEY, SIGNATURE, DATES, STATUS, ENDORSEMENTS))
    for early, key, signature, dates, status, endorsements in rows:
        verdict = judged(
            canonical=EARLY[early],
            issuer_key=KEY[key],
            signature=SIGNATURE[signature],
            dates=DATES[dates],
            status=STATUS[status],
            endorsements=ENDORSEMENTS[endorsements],
        )
        row = (early, key, signature, dates, status, endorsements)
        assert verdict is expected(*row), row
    assert len(rows) == 8640


@pytest.mark.parametrize("check_id", ["profile", "recipient", "trust", "refresh"])
@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("code", ["fine", "limit_work", "unsupported_suite", "revoked"])
def test_what_is_not_authenticity_never_changes_the_verdict(check_id, outcome, code):
    assert judged(**{check_id: (outcome, code)}) is Verdict.valid


@pytest.mark.parametrize("check_id", sorted(REQUIRED | {"status", "endorsements"}))
def test_a_check_that_is_missing_never_gives_a_yes(check_id):
    checks = [Check(one, Outcome.passed, "fine", "") for one in CHECK_IDS]
    assert decide(checks) is Verdict.valid
    assert decide([one for one in checks if one.id != check_id]) is Verdict.undetermined


@pytest.mark.parametrize("check_id", sorted(REQUIRED))
def test_a_required_check_that_was_skipped_never_gives_a_yes(check_id):
    assert judged(**{check_id: (Outcome.skipped, "stopped_earlier")}) is Verdict.undetermined


@pytest.mark.parametrize("check_id", sorted(REQUIRED | {"status", "endorsements"}))
def test_an_open_question_is_neither_green_nor_red(check_id):
    assert judged(**{check_id: (Outcome.unknown, "some_reason")}) is Verdict.undetermined


def test_no_checks_at_all_say_nothing():
    assert decide([]) is Verdict.undetermined
