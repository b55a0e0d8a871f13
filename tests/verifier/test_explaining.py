"""Every answer that is not a plain yes says what it means and what to do next."""

import ast
from pathlib import Path

import pytest

import verifier
from verifier.explaining import EXPLANATIONS, explanation
from verifier.wording import WORDING

FOLDER = Path(verifier.__file__).parent
_NOT_A_YES = {"failed", "unknown", "warning"}


def _codes_given_to(names: set[str]) -> set[str]:
    """Find the codes that stand as text in calls such as `failed("dates", "expired")`."""
    found = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in names:
                continue
            if len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                found.add(node.args[1].value)
    return found


def test_every_code_that_is_not_a_yes_is_explained():
    assert _codes_given_to(_NOT_A_YES) - set(EXPLANATIONS) == set()


def test_codes_chosen_elsewhere_are_explained_too():
    """Codes that reach a check through a variable: all but those that only ever pass or are skipped."""
    plain = _codes_given_to({"passed", "skipped"}) - _codes_given_to(_NOT_A_YES)
    assert set(WORDING) - set(EXPLANATIONS) - plain - ONLY_PASS == set()


# These stand behind a variable too, and only ever in a check that passes or is skipped.
ONLY_PASS = {
    "signature_consistent",
    "signature_fits",
    "no_refresh",
    "refresh_not_followed",
    "key_given",
    "key_is_issuer",
    "key_listed",
    "key_published",
    "key_remembered",
}


def test_only_codes_with_a_sentence_are_explained():
    assert set(EXPLANATIONS) <= set(WORDING)


@pytest.mark.parametrize("code", sorted(EXPLANATIONS))
def test_explanations_are_sentences_without_blame(code):
    found = explanation(code)
    for text in (found.meaning, found.next_step):
        assert text[0].isupper()
        assert text.endswith(".")
        assert "!" not in text
    assert found.meaning != found.next_step


def test_a_plain_yes_needs_no_explanation():
    assert explanation("signature_fits") is None
