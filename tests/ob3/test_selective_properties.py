"""Of any badge and any choice: what is not selected is hidden, the rest is there, and nothing can change."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_badge import badge
from selective_badge import check, signed

from keys.multibase import multibase_decode
from ob3.errors import Ob3Error
from ob3.places import walk
from ob3.selective import derive
from ob3.selective.pointers import write_pointer

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\x00<"), max_size=12)
MANDATORY = ("/issuer", "/validFrom", "/credentialSubject/achievement/name")
# What goes with a node on the way to something selected.
ALWAYS_WITH = ("id", "type", "@context")


@st.composite
def badges(draw):
    """Give a badge in which every text but ids and types is there once."""
    count = 0

    def once():
        nonlocal count
        count += 1
        return f"<{count}>{draw(TEXTS)}"

    def parts(kind, *names):
        chosen = st.lists(st.sets(st.sampled_from(names), min_size=1), max_size=3)
        return [{"type": [kind], **{name: once() for name in sorted(one)}} for one in draw(chosen)]

    document = badge(name=once(), evidence=parts("Evidence", "name", "narrative", "genre"))
    document["issuer"]["name"] = once()
    subject = document["credentialSubject"]
    subject["id"] = "did:example:learner"
    subject["result"] = parts("Result", "value", "achievedLevel_", "status")
    for one in subject["result"]:
        if one.pop("achievedLevel_", None):
            one["alignment"] = parts("Alignment", "targetName", "targetDescription")
    achievement = subject["achievement"]
    achievement.update({name: once() for name in ("name", "description", "humanCode")})
    achievement["criteria"] = {"narrative": once()}
    achievement["tag"] = [once() for _ in range(draw(st.integers(0, 3)))]
    achievement["resultDescription"] = [
        {
            "id": f"https://badges.example.edu/{number}",
            "type": ["ResultDescription"],
            "name": once(),
            "resultType": once(),
            "allowedValue": [once() for _ in range(draw(st.integers(1, 3)))],
        }
        for number in range(draw(st.integers(0, 2)))
    ]
    return document


def leaves(document):
    """Give the steps to every text in a document that goes with nothing else."""

    def below(value, steps):
        if isinstance(value, dict):
            for name, inner in value.items():
                if name not in ALWAYS_WITH:
                    yield from below(inner, (*steps, name))
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                yield from below(inner, (*steps, number))
        else:
            yield steps

    return list(below(document, ()))


def at(document, steps):
    for step in steps:
        document = document[step]
    return document


def pointer_to(steps):
    """Give the pointer to a leaf; an ordered list is shown as a whole."""
    return write_pointer(steps[:-1] if "allowedValue" in steps else steps)


@st.composite
def choices(draw):
    document = draw(badges())
    places = leaves(document)
    return document, draw(st.lists(st.sampled_from(places), unique=True, max_size=8)), places


@given(choices())
def test_what_is_selected_is_there_and_nothing_else(choice):
    document, chosen, places = choice
    pointers = [pointer_to(steps) for steps in chosen]
    made = derive(signed(document, mandatory=MANDATORY), selective_pointers=pointers)
    check(made)
    selected = {*pointers, *MANDATORY}

    def is_selected(steps):
        return any(write_pointer(steps[:length]) in selected for length in range(len(steps) + 1))

    wanted = {at(document, steps) for steps in places if is_selected(steps)}
    hidden = {at(document, steps) for steps in places} - wanted
    proof = made.pop("proof")
    texts = [part for _, part in walk(made) if isinstance(part, str)]
    assert wanted == {at(made, steps) for steps in leaves(made)}
    for text in hidden:
        beginning = text[: text.index(">") + 1]
        assert not any(beginning in other for other in texts)
        assert beginning.encode() not in multibase_decode(proof["proofValue"])


@given(choices(), st.data())
def test_no_leaf_of_a_selection_can_change(choice, data):
    document, chosen, _ = choice
    made = derive(
        signed(document, mandatory=MANDATORY), selective_pointers=[pointer_to(steps) for steps in chosen]
    )
    check(made)
    places = [(holder, step) for _, holder in walk(made) for step in _texts_in(holder)]
    number = data.draw(st.integers(0, len(places) - 1))
    spoiled = copy.deepcopy(made)
    holder, step = [(part, one) for _, part in walk(spoiled) for one in _texts_in(part)][number]
    text = holder[step]
    holder[step] = data.draw(
        st.sampled_from([text + "x", text[1:], "x" + text, text.swapcase(), text + "\u200b", ""])
    )
    if holder[step] == text:
        return
    with pytest.raises(Ob3Error):
        check(spoiled)


@given(choices(), st.data())
def test_no_member_of_a_selection_can_be_left_out(choice, data):
    document, chosen, _ = choice
    made = derive(
        signed(document, mandatory=MANDATORY), selective_pointers=[pointer_to(steps) for steps in chosen]
    )
    shown = {name: value for name, value in made.items() if name != "proof"}
    count = sum(len(part) for _, part in walk(shown) if isinstance(part, dict | list))
    number = data.draw(st.integers(0, count - 1))
    for _, part in walk(shown):
        if isinstance(part, dict | list):
            if number < len(part):
                del part[list(part)[number] if isinstance(part, dict) else number]
                break
            number -= len(part)
    with pytest.raises(Ob3Error):
        check({**shown, "proof": made["proof"]})


@given(choices())
def test_a_selection_is_json_that_reads_back_equal(choice):
    document, chosen, _ = choice
    made = derive(
        signed(document, mandatory=MANDATORY), selective_pointers=[pointer_to(steps) for steps in chosen]
    )
    check(json.loads(json.dumps(made)))


def _texts_in(holder):
    if isinstance(holder, dict):
        return [name for name, value in holder.items() if isinstance(value, str)]
    return (
        [number for number, value in enumerate(holder) if isinstance(value, str)]
        if isinstance(holder, list)
        else []
    )
