"""Tampering: no change of any one signed field leaves a verdict that speaks for the issuer.

Every leaf of a micro-credential is changed, taken out and added to, one at a time; then hypothesis changes
what it likes. Document and key still resolve, so the answer must be `invalid`, but where the change makes it
a signature of a kind that we do not read.
"""

import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from document_parts import at, changed, without
from hypothesis import given, settings
from hypothesis import strategies as st
from simulator import World, as_bytes

from microcredential import (
    CONTEXT_PATH,
    Subject,
    bind,
    build_credential,
    context,
    load_definition,
    status_entry,
)
from verifier import Verdict

HOST = "badges.example.edu.vn"
BASE = f"https://{HOST}"
WORLD = World()
ISSUER = WORLD.issuer(HOST)
VERIFIER = WORLD.verifier(trust=[ISSUER.did])
SPEAKS = {Verdict.valid, Verdict.expired, Verdict.revoked, Verdict.suspended, Verdict.not_yet_valid}


def micro_credential():
    """Build a credential as the issuer does, from a definition."""
    example = (Path(__file__).parent.parent / "documents" / "definition.json").read_bytes()
    profile = {**json.loads(example)["issuer"], "id": ISSUER.did}
    achievement = bind(
        load_definition(example),
        achievement_id=f"{BASE}/achievements/6c0a6a34-6f5a-4a67-8d2e-8f0a5f1c2b3d",
        issuer_profile=profile,
        base_url=BASE,
    )
    subject = Subject(
        student_number="UEF-2231-0457",
        name="Nguyễn Thị Minh Anh",
        results={"exam": "7.8", "project": "8.6", "final": "8.3"},
        credits_earned=3,
    )
    credential = build_credential(
        credential_id="urn:uuid:5b2f6a52-0a3e-4e58-9a1e-1a4d6d2f7c10",
        issuer_profile=profile,
        achievement=achievement,
        subject=subject,
        awarded=date(2026, 6, 30),
        valid_from=datetime(2026, 7, 3, tzinfo=UTC),
        status_entries=[
            status_entry(list_url=ISSUER.list_url(purpose), index=412, purpose=purpose)
            for purpose in ("revocation", "suspension")
        ],
        base_url=BASE,
    )
    return ISSUER.sign(credential, extra_contexts={BASE + CONTEXT_PATH: context()})


@pytest.fixture(scope="module")
def signed():
    return micro_credential()


def inner(value):
    """Give the members of a container with their names or places."""
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def leaves(value, path=()):
    """Give the path of every value that is not a container."""
    if not isinstance(value, dict | list):
        yield path
    for name, one in inner(value):
        yield from leaves(one, (*path, name))


def other(value):
    """Give a value of the same kind that says something else."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return value[:-1] + ("x" if not value.endswith("x") else "y")


def verdict_of(document):
    return VERIFIER.verify(as_bytes(document)).verdict


def allowed(path):
    """Give the verdicts for a change here: the name of a suite may become one that we do not know."""
    may_be_unknown = path[0] == "proof" and path[-1] in ("cryptosuite", "type")
    return {Verdict.invalid, Verdict.unsupported} if may_be_unknown else {Verdict.invalid}


def test_the_untouched_twin_is_valid(signed):
    report = VERIFIER.verify(as_bytes(signed))
    assert (report.verdict, report.issuer_trust) == (Verdict.valid, "trusted")
    assert report.check("profile").code == "elements_complete"
    assert report.check("schema").code == "schema_fits"


def test_every_value_changed(signed):
    paths = list(leaves(signed))
    assert len(paths) > 250
    for path in paths:
        if path[0] != "@context":
            verdict = verdict_of(changed(signed, path, other(at(signed, path))))
            assert verdict in allowed(path), path


def test_every_value_left_out(signed):
    for path in leaves(signed):
        assert verdict_of(without(signed, path)) in allowed(path), path


def test_a_context_changed_or_left_out(signed):
    for place, address in enumerate(signed["@context"]):
        assert verdict_of(changed(signed, ("@context", place), other(address))) is Verdict.invalid
        assert verdict_of(without(signed, ("@context", place))) is Verdict.invalid
    older = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"
    assert verdict_of(changed(signed, ("@context", 1), older)) is Verdict.invalid


def objects(value, path=()):
    if isinstance(value, dict):
        yield path
    for name, one in inner(value):
        yield from objects(one, (*path, name))


@pytest.mark.parametrize("member", ["description", "inLanguage", "unheardOf", "@index", "note"])
def test_a_member_added_anywhere(signed, member):
    for path in objects(signed):
        if member not in at(signed, path):
            copied = copy.deepcopy(signed)
            at(copied, path)[member] = "with distinction"
            assert verdict_of(copied) is Verdict.invalid, path


def test_every_object_and_list_left_out(signed):
    for path in objects(signed):
        if path and path[0] != "proof":
            assert verdict_of(without(signed, path)) is Verdict.invalid, path


def test_two_values_in_each_others_place(signed):
    subject = signed["credentialSubject"]
    first, second = (("credentialSubject", "result", at, "value") for at in (0, 1))
    assert subject["result"][0]["value"] != subject["result"][1]["value"]
    swapped = changed(signed, first, at(signed, second))
    swapped = changed(swapped, second, at(signed, first))
    assert verdict_of(swapped) is Verdict.invalid


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=4,
)


@given(data=st.data(), value=JSON)
@settings(max_examples=150)
def test_any_value_in_any_place(signed, data, value):
    path = data.draw(st.sampled_from([one for one in leaves(signed) if one[0] != "@context"]))
    document = changed(signed, path, value)
    if document != signed:
        assert verdict_of(document) not in SPEAKS, (path, value)


def test_a_withdrawn_or_expired_badge_changed_is_invalid_too(signed):
    ISSUER.withdraw(412)
    try:
        assert verdict_of(signed) is Verdict.revoked
        for path in list(leaves(signed))[::7]:
            if path[0] != "@context":
                assert verdict_of(changed(signed, path, other(at(signed, path)))) not in SPEAKS, path
    finally:
        ISSUER.withdrawn["revocation"].clear()
        ISSUER.publish_list("revocation")
