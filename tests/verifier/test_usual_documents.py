"""The server of the limited children prepares for usual documents: no child processes a context for one."""

import json
from pathlib import Path

import pytest
import varied_credentials
from context_jobs import contexts_processed
from plain_badge import OB3_CONTEXTS, badge

from microcredential import CONTEXT_PATH, context
from ob3 import canonicalize
from ob3.contexts import OB3_EXTENSIONS
from verifier.limited import run_limited, warm_up
from verifier.usual_documents import usual_badges, usual_micro_credential

OURS = varied_credentials.OFFICE
OWN_CONTEXTS = {OURS + CONTEXT_PATH: context()}
PLAIN = {
    "as badges usually are": badge(),
    "with the extensions": badge(**{"@context": [*OB3_CONTEXTS, OB3_EXTENSIONS]}),
}


@pytest.fixture(scope="module", autouse=True)
def _ready():
    warm_up(OURS)


@pytest.mark.parametrize("document", PLAIN.values(), ids=PLAIN)
def test_a_child_processes_no_context_for_a_plain_badge(document):
    processed, known = run_limited(contexts_processed, document, {})
    assert (processed, known > 10) == (0, True)


def test_a_child_processes_no_context_for_a_credential_of_ours():
    text = (Path(__file__).parents[1] / "app" / "credential.json").read_text("utf-8")
    unsigned = {name: one for name, one in json.loads(text).items() if name != "proof"}
    moved = json.loads(json.dumps(unsigned).replace(unsigned["@context"][-1], OURS + CONTEXT_PATH))
    processed, known = run_limited(contexts_processed, moved, OWN_CONTEXTS)
    assert (processed, known > 20) == (0, True)


def test_a_child_of_a_server_that_prepared_for_others_processes_what_it_needs():
    others = "https://elsewhere.example"
    document = usual_micro_credential(others)
    processed, known = run_limited(contexts_processed, document, {others + CONTEXT_PATH: context()})
    assert (processed > 20, known) == (True, 0)


@pytest.mark.parametrize("document", usual_badges(), ids=["plain", "extended"])
def test_the_documents_that_it_prepares_with_are_sound(document):
    assert canonicalize(document).count("\n") > 30


def test_so_is_the_one_of_our_profile():
    assert canonicalize(usual_micro_credential(OURS), extra_contexts=OWN_CONTEXTS).count("\n") > 50
