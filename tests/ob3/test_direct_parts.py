"""Parts that were read before say what they said: only the very same part at the very same place."""

import copy

import pytest
from plain_badge import badge
from varied_credentials import OWN_CONTEXTS, Office, badge_of
from varied_parts import Draft
from work_counts import calls_of

from ob3.canonical import general_statements
from ob3.direct import direct_statements
from ob3.direct.parts import Parts
from ob3.expansion import ContextSet
from ob3.rdfc import canonical_form
from ob3.recent import Recent

_NODE = "ob3.direct.walk._Walk.node"


@pytest.fixture(scope="module")
def credential():
    """A micro-credential of the demonstration, as an office would sign it, without its proof."""
    office = Office()
    made = badge_of(Draft(3, "lao", endorser=office.endorser, token=False), office, "Ed25519")
    return {name: value for name, value in made.items() if name != "proof"}


@pytest.fixture
def contexts():
    """Contexts under which nothing was read yet."""
    return ContextSet(OWN_CONTEXTS)


def learner(credential, number):
    """Give the credential of another learner of the same class."""
    own = {**credential["credentialSubject"], "name": f"Learner {number}"}
    return {**credential, "id": f"urn:uuid:00000000-0000-4000-8000-{number:012}", "credentialSubject": own}


def nodes_read(document, contexts):
    return calls_of(lambda: direct_statements(document, contexts)).of(_NODE)


def test_what_a_class_has_in_common_is_walked_twice_and_then_repeated(credential, contexts):
    read = [nodes_read(learner(credential, number), contexts) for number in range(4)]
    assert read[0] == read[1] > 4 * read[2]
    assert read[2] == read[3]


def test_what_is_repeated_is_what_the_general_path_says(credential, contexts):
    for number in range(5):
        one = learner(credential, number)
        found = direct_statements(one, contexts)
        assert found == general_statements(one, contexts)
        assert canonical_form(found) == canonical_form(general_statements(one, contexts))


def changed_text(achievement):
    achievement["name"] += "."


def other_order(achievement):
    first = next(iter(achievement))
    achievement[first] = achievement.pop(first)


def member_more(achievement):
    achievement["humanCode"] = "RISK-1"


def other_type(achievement):
    achievement["type"] = list(reversed(achievement["type"]))


def other_number(achievement):
    achievement["creditsAvailable"] = 3.5


CHANGES = [changed_text, other_order, member_more, other_type, other_number]


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_a_part_that_differs_in_anything_is_read_anew(credential, contexts, change):
    for number in range(3):
        direct_statements(learner(credential, number), contexts)
    other = copy.deepcopy(learner(credential, 9))
    change(other["credentialSubject"]["achievement"])
    for _ in range(3):
        assert direct_statements(other, contexts) == general_statements(other, contexts)


def test_numbers_that_are_equal_and_of_another_kind_are_other_numbers(contexts):
    for credits in (5, 5.0, 5, 5.0, 5, 5.0):
        one = badge()
        one["credentialSubject"]["achievement"] |= {"creditsAvailable": credits, "description": "long " * 80}
        assert direct_statements(one, contexts) == general_statements(one, contexts)


def test_the_same_part_behind_more_blank_nodes_has_other_names(credential, contexts):
    for number in range(3):
        direct_statements(learner(credential, number), contexts)
    for _ in range(3):
        other = learner(credential, 7)
        del other["credentialSchema"]
        other["awardedDate"] = credential.get("awardedDate", "2026-01-01T00:00:00Z")
        other["credentialStatus"] = {"id": "urn:x:1", "type": "1EdTechRevocationList"}
        other["evidence"] = [{"type": ["Evidence"], "name": "a"}, {"type": ["Evidence"], "name": "b"}]
        assert direct_statements(other, contexts) == general_statements(other, contexts)


def test_the_same_object_under_another_member_is_read_by_that_members_definition(contexts):
    profile = {"id": "https://a.example/it", "type": ["Profile"], "name": "It", "description": "so " * 200}
    for _ in range(3):
        one = badge()
        one["issuer"] = {**profile, "id": one["issuer"]["id"]}
        one["credentialSubject"]["achievement"]["creator"] = one["issuer"]
        one["credentialSubject"]["source"] = one["issuer"]
        assert direct_statements(one, contexts) == general_statements(one, contexts)


def test_a_part_that_is_declined_is_declined_every_time(contexts):
    one = badge()
    one["credentialSubject"]["achievement"] |= {"description": "long " * 80, "id": "no address"}
    assert [direct_statements(one, contexts) for _ in range(4)] == [None] * 4


def test_few_parts_are_kept(credential, contexts, monkeypatch):
    kept = []
    put = Recent.put
    monkeypatch.setattr(Recent, "put", lambda self, key, result: (kept.append(self), put(self, key, result)))
    for number in range(200):
        one = badge()
        one["credentialSubject"]["achievement"]["description"] = f"{number} " * 200
        direct_statements(one, contexts)
        direct_statements(one, contexts)
    assert kept
    assert all(len(memory._results) <= 256 for memory in kept)


def asked_for_a_key(parts, term, texts):
    """Tell of each text whether an object with it is worth being looked up."""
    return [parts.key({"description": one}, term, "", 1, 0) is not None for one in texts]


def test_objects_that_are_never_the_same_are_looked_up_now_and_then():
    parts = Parts()
    asked = asked_for_a_key(parts, "a member", [f"{number} " * 200 for number in range(200)])
    assert all(asked[:9])
    assert 1 <= sum(asked[9:]) <= 8
    assert all(asked_for_a_key(parts, "another member", ["other " * 100] * 9))


def test_only_large_objects_are_looked_up_and_no_enormous_ones():
    small, large, enormous = "x" * 10, "x" * 1_000, "x" * 100_000
    assert asked_for_a_key(Parts(), "a member", [small, large, enormous]) == [False, True, False]
