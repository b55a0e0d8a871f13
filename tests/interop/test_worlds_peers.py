"""Documents of random contexts: jsonld.js gives each that the direct path answers the same canonical form."""

import json
import random

import pytest
from direct_worlds import HOME, OUTER, worlds
from hypothesis import settings
from node_scripts import run_script

from ob3 import rdfc
from ob3.direct import direct_statements
from ob3.expansion import context_set

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("node_peers")]


def answered(count, seed, *, keywords):
    """Give so many documents that the direct path answers: contexts, document, canonical form."""
    for document, extra in worlds(random.Random(seed), keywords=keywords):  # noqa: S311
        plain = read_alike(extra)
        found = direct_statements(document, context_set(plain), allow_keywords=keywords)
        if found is None:
            continue
        yield plain, document, rdfc.canonical_form(found)
        count -= 1
        if not count:
            return


def read_alike(extra):
    """Leave out what members' own contexts say of the member itself, and those that are null.

    Where a member stands, its container and direction are those of the context around it; jsonld.js looks for
    them in the member's own context. Source: JSON-LD 1.1 API, section 5.1.2, steps 13.6 and 13.7.3.
    """
    return {url: {"@context": _terms(context["@context"])} for url, context in extra.items()}


def _terms(context):
    return {name: _definition(name, one) if isinstance(one, dict) else one for name, one in context.items()}


def _definition(name, made):
    if "@context" not in made:
        return made
    own = {**(made["@context"] or {})}
    own.pop(name, None)
    return {**made, "@context": _terms(own)}


@pytest.mark.parametrize("keywords", [False, True])
def test_jsonld_js_gives_the_same_canonical_form(keywords, tmp_path):
    count = 1_000 if settings.get_current_profile_name() == "nightly" else 100
    made = list(answered(count, 6, keywords=keywords))
    answers = their_answers(tmp_path, [(contexts, document) for contexts, document, _ in made], "directions")
    for number, (contexts, document, form) in enumerate(made):
        assert answers[number].get("quads") == form, (answers[number], document, contexts)
    assert len(made) == count


def their_answers(folder, asked, *options):
    file = folder / "worlds.jsonl"
    with file.open("w") as out:
        for number, (contexts, document) in enumerate(asked):
            out.write(json.dumps({"name": number, "document": document, "contexts": contexts}) + "\n")
    return {one["name"]: one for one in run_script("worlds.mjs", file, *options)}


def test_jsonld_js_drops_a_text_that_differs_in_its_direction_alone(tmp_path):
    """As released it keeps the value that stands first, so that the order has a meaning; ours has both.

    Source: JSON-LD 1.1 API, section 7.2.2, step 4.1.2: values are one where all of their entries are. With
    that comparison corrected, as it is for the documents of random contexts, jsonld.js has both as well.
    """
    texts = ["x", {"@value": "x", "@direction": "rtl"}]
    contexts = {OUTER: {"@context": {"@version": 1.1, "one": HOME + "one"}}}
    asked = [(contexts, {"@context": OUTER, "one": values}) for values in (texts, texts[::-1])]
    plain, turned = (
        f'_:c14n0 <{HOME}one> "x"{ending} .\n' for ending in ("", "^^<https://www.w3.org/ns/i18n#_rtl>")
    )
    released, corrected = (their_answers(tmp_path, asked, *options) for options in ((), ("directions",)))
    assert [released[number]["quads"] for number in (0, 1)] == [plain, turned]
    assert [corrected[number]["quads"] for number in (0, 1)] == [plain + turned] * 2
    for extra, document in asked:
        found = direct_statements(document, context_set(extra), allow_keywords=True)
        assert rdfc.canonical_form(found) == plain + turned
