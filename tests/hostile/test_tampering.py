"""No change of one signed field of a really issued credential leaves a verdict that speaks for the issuer.

Every leaf, object and list of a demonstration's micro-credential is changed, taken out, doubled and turned
round. Where that makes another set of statements the answer is `invalid`, for document and key still resolve;
where it makes the same set, since the order of a set is not signed, the answer stays what it was.
"""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from database import url_for
from document_parts import at, changed, without
from hypothesis import given
from hypothesis import strategies as st

from app.database import open_database
from issuer import Issuer
from microcredential import context
from ob3 import Ob3Error, canonicalize
from verifier import Policy, Verdict, Verifier

SPEAKS = {Verdict.valid, Verdict.expired, Verdict.revoked, Verdict.suspended, Verdict.not_yet_valid}
STATES = {"issued": "valid", "revoked": "revoked", "suspended": "suspended", "expired": "expired"}


@pytest.fixture(scope="module")
def verifier(demo):
    """The verifier of the pages, without the child: what is tampered with here is no danger."""
    engine = open_database(url_for(demo.folder))
    office = Issuer(engine, base_url=demo.base_url, clock=lambda: datetime.now(UTC))
    yield Verifier(
        fetcher=None,
        clock=lambda: datetime.now(UTC),
        trust=office.trust_entries(),
        policy=Policy(isolate=False),
        local=office.local,
    )
    engine.dispose()


def leaves(value, path=()):
    """Give the path of every part: the whole first, then what is inside."""
    yield path
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, inner in members:
        yield from leaves(inner, (*path, name))


def others(value):
    """Give values of the same kind that say something else."""
    if isinstance(value, bool):
        return [not value, None]
    if isinstance(value, int | float):
        return [value + 1, -value, str(value)]
    return [
        value + "x",
        value[:-1],
        value.swapcase() if value.swapcase() != value else value[::-1],
        " " + value,
        1,
    ]


def verdict_of(verifier, document):
    return verifier.verify(json.dumps(document, ensure_ascii=False).encode()).verdict


def statements(document):
    """Give the signed statements of a document, or None where it has no full meaning."""
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    try:
        return canonicalize(unsigned, extra_contexts={document["@context"][-1]: context()})
    except (Ob3Error, LookupError):
        return None


def expected(path):
    """Give the verdicts that a changed member may lead to: another suite or edition may be unknown to us."""
    return {Verdict.invalid, Verdict.unsupported} if path[0] in ("proof", "@context") else {Verdict.invalid}


@pytest.mark.parametrize("state", STATES)
def test_every_state_untouched_and_with_any_value_changed(demo, verifier, state):
    document = json.loads(Path(demo.credentials(state)[0]["json"]).read_bytes())
    assert verdict_of(verifier, document) == STATES[state]
    paths = [path for path in leaves(document) if path and not isinstance(at(document, path), dict | list)]
    assert len(paths) > 150
    step = 1 if state == "issued" else 9
    for path in paths[::step]:
        value = others(at(document, path))[0]
        verdict = verdict_of(verifier, changed(document, path, value))
        assert verdict in expected(path), (path, value, verdict)


def test_every_part_left_out(document, verifier):
    for path in leaves(document):
        if path:
            assert verdict_of(verifier, without(document, path)) in expected(path), path


@pytest.mark.parametrize("member", ["name", "narrative", "note", "@index"])
def test_a_member_added_to_every_object(document, verifier, member):
    for path in leaves(document):
        if isinstance(at(document, path), dict) and member not in at(document, path):
            added = changed(document, (*path, member), "with distinction")
            assert verdict_of(verifier, added) is Verdict.invalid, path


def test_a_list_turned_round_or_doubled_keeps_its_verdict_only_with_its_statements(document, verifier):
    signed, kept, lost = statements(document), 0, 0
    for path in leaves(document):
        value = at(document, path) if path else None
        if not isinstance(value, list) or not value or path[0] == "proof":
            continue
        for other in (value[::-1], value + value[:1], [*value, None], [*value, "urn:x:1"], value[:-1]):
            if other == value:
                continue
            copied = changed(document, path, other)
            verdict, same = verdict_of(verifier, copied), statements(copied) == signed
            assert verdict is Verdict.invalid or (same and verdict is Verdict.valid), (path, verdict)
            kept, lost = kept + (verdict is Verdict.valid), lost + (verdict is Verdict.invalid)
    print(f"\nlists in another form: {kept} say the same and stay valid, {lost} are invalid")
    assert kept >= 5
    assert lost >= 30


def test_members_in_another_order_are_the_same_statements(document, verifier):
    def turned(value):
        if isinstance(value, dict):
            return {name: turned(inner) for name, inner in reversed(value.items())}
        return [turned(inner) for inner in value] if isinstance(value, list) else value

    assert statements(turned(document)) == statements(document)
    assert verdict_of(verifier, turned(document)) is Verdict.valid


def test_two_equal_members_exchanged(document, verifier):
    """Values that stand in each other's place are other statements, though every word was signed."""
    results = document["credentialSubject"]["result"]
    outcomes = document["credentialSubject"]["achievement"]["learningOutcome"]
    for path, values in (
        (("credentialSubject", "result"), results),
        (
            ("credentialSubject", "achievement", "learningOutcome"),
            outcomes,
        ),
    ):
        name = "value" if "value" in values[0] else "title"
        exchanged = copy.deepcopy(document)
        first, second = at(exchanged, path)[:2]
        assert first[name] != second[name]
        first[name], second[name] = second[name], first[name]
        assert verdict_of(verifier, exchanged) is Verdict.invalid


def test_the_proof_and_the_place_in_the_list_of_another_credential(demo, verifier):
    revoked, issued = (
        json.loads(Path(demo.credentials(state)[0]["json"]).read_bytes()) for state in ("revoked", "issued")
    )
    assert verdict_of(verifier, {**issued, "proof": revoked["proof"]}) is Verdict.invalid
    assert verdict_of(verifier, {**revoked, "proof": issued["proof"]}) is Verdict.invalid
    assert (
        verdict_of(verifier, {**revoked, "credentialStatus": issued["credentialStatus"]}) is Verdict.invalid
    )
    assert verdict_of(verifier, without(revoked, ("credentialStatus",))) is Verdict.invalid
    assert verdict_of(verifier, {**issued, "issuer": revoked["issuer"]}) is Verdict.invalid
    assert verdict_of(verifier, revoked) is Verdict.revoked


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=4,
)


@given(data=st.data(), value=VALUES)
def test_any_value_in_any_place(document, verifier, data, value):
    path = data.draw(st.sampled_from([path for path in leaves(document) if path]))
    copied = changed(document, path, value)
    verdict = verdict_of(verifier, copied)
    if verdict in SPEAKS:
        assert statements(copied) == statements(document), (path, value)
        assert copied["proof"] == document["proof"]


@given(data=st.data())
def test_any_two_values_exchanged(document, verifier, data):
    every = [path for path in leaves(document) if path and isinstance(at(document, path), str)]
    first, second = data.draw(st.sampled_from(every)), data.draw(st.sampled_from(every))
    copied = changed(changed(document, first, at(document, second)), second, at(document, first))
    if verdict_of(verifier, copied) in SPEAKS:
        assert statements(copied) == statements(document), (first, second)
