"""Of any document: the direct path writes the statements of the general one and of PyLD, or none.

Five hundred documents that it answered are compared with PyLD in `make test`, ten thousand in the nightly
profile: badges as they are issued, and documents of random contexts. Those that were changed come besides.
"""

import json
import random

import pytest
from direct_worlds import mutated, worlds
from hypothesis import HealthCheck, currently_in_test_context, event, example, given, note, settings
from hypothesis import strategies as st
from plain_badge import ENDORSEMENT, badge
from pyld_statements import by_pyld
from varied_credentials import OWN_CONTEXTS, Office, badge_of
from varied_parts import Draft
from varied_words import SCRIPTS, Words

from ob3.canonical import general_statements
from ob3.contexts import OB3, VC1
from ob3.direct import direct_statements
from ob3.errors import Ob3Error
from ob3.expansion import context_set
from ob3.rdfc import canonical_form


def documents(count):
    """Ask for so many documents in `make test`, and twenty times as many in the nightly profile."""
    nightly = settings.get_current_profile_name() == "nightly"
    return settings(max_examples=count * (20 if nightly else 1), suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def office():
    return Office()


def tell(what):
    """Let hypothesis count what came of its documents; `--hypothesis-show-statistics` shows it."""
    if currently_in_test_context():
        event(what)


def agree(document, extra=None, *, allow_keywords=False):
    """Compare the two paths, and PyLD, and tell whether the direct one answered."""
    contexts = context_set(extra)
    before = json.dumps(document)
    direct = direct_statements(document, contexts, allow_keywords=allow_keywords)
    assert json.dumps(document) == before
    try:
        general, refused = general_statements(document, contexts, allow_keywords=allow_keywords), ""
    except Ob3Error as error:
        general, refused = None, error.code
    tell(refused or ("answered" if direct is not None else "left to the general path"))
    assert direct is None or direct == general, refused
    if direct is not None:
        assert canonical_form(direct) == canonical_form(by_pyld(document, contexts))
    return direct is not None


def draft(number, seed, script, office):
    made = Draft(number, script, endorser=office.endorser, token=False)
    made.chance = random.Random(seed)  # noqa: S311
    made.words = Words(script, made.chance)
    return made


drafts = st.tuples(st.integers(0, 255), st.integers(0, 2**32), st.sampled_from(sorted(SCRIPTS)))


@documents(100)
@given(drafts, st.booleans())
def test_badges_and_micro_credentials_of_every_kind(office, drawn, allow_keywords):
    number, seed, script = drawn
    document = badge_of(draft(number, seed, script, office), office, "Ed25519")
    assert agree(document, OWN_CONTEXTS, allow_keywords=allow_keywords)


@documents(200)
@given(st.data(), drafts, st.booleans())
def test_badges_that_were_changed(office, data, drawn, allow_keywords):
    number, seed, script = drawn
    whole = badge_of(draft(number, seed, script, office), office, "Ed25519")
    small = [badge(endorsement=[ENDORSEMENT]), badge(evidence=[{"type": ["Evidence"]}] * 2)]
    kinds = [whole, *small, *map(older, small)]
    document = data.draw(mutated(kinds[data.draw(st.integers(0, len(kinds) - 1))]))
    agree(document, OWN_CONTEXTS, allow_keywords=allow_keywords)


@documents(400)
@given(st.integers(0, 2**64), st.booleans())
@example(seed=908396, allow_keywords=True)  # a text with and without a direction: PyLD as released has one
def test_documents_of_contexts_that_say_anything(seed, allow_keywords):
    for document, extra in worlds(random.Random(seed), keywords=allow_keywords):  # noqa: S311
        note(json.dumps([document, extra], indent=1))
        if agree(document, extra, allow_keywords=allow_keywords):
            return


def older(document):
    """Give a badge as the data model 1.1 has it."""
    changed = {**document, "@context": [VC1, OB3], "issuanceDate": "2026-07-03T02:00:00Z"}
    changed.pop("validFrom")
    return changed


def test_the_data_model_1_1_is_read_too():
    assert agree(older(badge()))
    assert agree({**older(badge()), "proof": {"type": "Ed25519Signature2020"}}) is False
