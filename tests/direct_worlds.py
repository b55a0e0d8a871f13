"""Random contexts, and documents that use them: where the direct path could differ from the general one.

Few names and few values, so that definitions meet: the same member means one thing at the top, another inside
a type, and a third inside a member; parts without ids look alike. Most of it is in order, or nothing would be
compared; each thing that is refused occurs now and then.
"""

import copy
import json

from hypothesis import strategies as st

HOME = "https://a.example/"
XSD = "http://www.w3.org/2001/XMLSchema#"
OUTER, SECOND = HOME + "outer", HOME + "second"
CLASSES = ("Kind", "Sort", "VerifiableCredential")
MEMBERS = ("one", "two", "three", "four", "five", "proof")
KEYWORDS = ("@id", "@type", "@value", "@language", "@direction", "@list", "@set", "@graph", "@none", "@json")
COERCIONS = ("@id", "@id", "@vocab", "@json", "@none", XSD + "date", XSD + "double", XSD + "string", "a:of")
CONTAINERS = (
    *("@set", "@list", "@graph", "@language") * 3,
    "@index",
    ["@graph", "@set"],
    ["@language", "@set"],
)

IDS = ("urn:x:1", "urn:x:2", HOME + "3", "b:4", "a://b")
ODD_IDS = ("a:b", "relative", "_:label", "Kind", "urn:x:a b", "", "one")
TEXTS = ("", "x", "y", "Kind", 'a "b" \\ c\n', "e\u0301", "\x00\x0b\x7f", "3.5E0", "\u2028")
NUMBERS = (0, 1, -0.0, 3.0, 3.5, 1e21, 1e20, 2**53, True, False)
ODD_VALUES = (None, "\ud800", 1e-7, 2**53 + 2, float("nan"), [[]], [["x"]], {}, [], [None])
TAGS = ("en", "EN", "cs-CZ", "two")
ODD_TAGS = ("x_y", "Kind", "@none", "")

# Copied, since a later change may fall on an object that was drawn and would last for all documents after.
scalars = st.sampled_from(IDS + ODD_IDS + TEXTS + NUMBERS + ODD_VALUES).map(copy.deepcopy)


class Chance:
    """What a generator of chance makes of contexts and documents."""

    def __init__(self, chance, *, keywords):
        self.chance = chance
        self.keywords = keywords
        self.parts = 0

    def sometimes(self, often):
        return self.chance.random() < often

    def either(self, usual, odd, often=0.02):
        return self.chance.choice(odd if self.sometimes(often) else usual)

    def some(self, names, fewest=0):
        """Give some of these names, or all, in any order."""
        return self.chance.sample(names, self.chance.randint(min(fewest, len(names)), len(names)))

    def context(self, depth):
        """Give what stands in an `@context`."""
        made = {"@version": 1.1, "a": HOME} if depth == 2 else {}
        if depth == 2 or self.sometimes(0.5):
            made |= {"id": "@id", "type": "@type"}
        for keyword, value, often in (
            ("@vocab", "https://v.example/", 0.1),
            ("@language", "en", 0.1),
            ("@protected", True, 0.05),
            ("@propagate", self.sometimes(0.5), 0.1 if depth < 2 else 0.0),
        ):
            if self.sometimes(often):
                made[keyword] = value
        fewest = 100 if depth == 2 else 0
        for name in self.some(MEMBERS, fewest):
            made[name] = self.definition(depth, name)
        for name in self.some(CLASSES, fewest):
            made[name] = {"@id": HOME + name}
            if depth and self.sometimes(0.7):
                made[name]["@context"] = self.context(depth - 1)
        return made

    def definition(self, depth, name):
        own = [HOME + name, HOME + name + str(depth), f"a:{name}", "urn:x:shared"]
        if self.sometimes(0.02):
            return self.chance.choice(["@id", "@type", None, "undefined", "@none"])
        made = {"@id": self.chance.choice(own)}
        if self.sometimes(0.4):
            made["@type"] = self.chance.choice(COERCIONS)
        if self.sometimes(0.35):
            made["@container"] = self.chance.choice(CONTAINERS)
        if made.get("@container") == "@language":
            made.pop("@type", None)
        for part, value, often in (
            ("@language", self.chance.choice(["en", "EN-gb", None]), 0.05),
            ("@direction", self.chance.choice(["rtl", None]), 0.05),
            ("@protected", self.sometimes(0.5), 0.03),
            ("@prefix", True, 0.03),
            ("@context", self.context(depth - 1) if depth and self.sometimes(0.9) else None, 0.25),
        ):
            if self.sometimes(often):
                made[part] = value
        return made

    def part(self, depth):
        """Give an object of a document."""
        self.parts += 1
        made = {}
        if self.sometimes(0.4):
            made["id"] = self.either(IDS, ODD_IDS)
        if self.sometimes(0.6):
            kinds = [
                self.either(CLASSES, ["urn:x:type", "undefined", "one", "a:b", "_:b0"], 0.01) for _ in "ab"
            ]
            made["type"] = self.chance.choice([kinds, kinds[:1], kinds[0]])
        for name in self.some(MEMBERS)[:4]:
            made[name] = self.value(depth)
        return {name: made[name] for name in self.some(list(made), 100)}

    def value(self, depth):
        kind = self.chance.randint(0, 9)
        if kind < 4 and depth and self.parts < 20:
            return self.part(depth - 1)
        if kind == 4 and depth:
            return [
                self.value(0 if self.sometimes(0.5) else depth - 1) for _ in range(self.chance.randint(0, 3))
            ]
        if kind == 5 and self.sometimes(0.4):
            return {self.either(TAGS, ODD_TAGS): self.either(TEXTS, [["x", "y"], 5]) for _ in range(2)}
        if kind == 6 and self.sometimes(0.4 if self.keywords else 0.02):
            tags = {"@language": self.either(TAGS, ODD_TAGS), "@direction": self.either(["rtl"], ["up"])}
            return {"@value": self.either(TEXTS, NUMBERS), **dict(self.chance.sample(list(tags.items()), 1))}
        return self.either(self.chance.choice([IDS, IDS, TEXTS, NUMBERS]), ODD_VALUES, 0.01)


def world(chance, *, keywords):
    """Give a document, with or without JSON-LD keywords in it, and the contexts that it is read with."""
    made = Chance(chance, keywords=keywords)
    extra = {url: {"@context": made.context(2)} for url in (OUTER, SECOND)}
    sequence = [OUTER, SECOND] if made.sometimes(0.3) else OUTER
    document = {"@context": sequence, **made.part(4)}
    for part in list(_objects(document))[1:]:
        if "VerifiableCredential" in str(part.get("type")) and made.sometimes(0.3):
            part["@context"] = [OUTER, *made.chance.sample([SECOND], made.chance.randint(0, 1))]
    return document, extra


def worlds(chance, *, keywords):
    """Give such documents without end; about one in four has nothing that is refused."""
    while True:
        yield world(chance, keywords=keywords)


def values(inside):
    language_map = st.dictionaries(st.sampled_from(TAGS + ODD_TAGS), scalars, max_size=2)
    value_object = st.fixed_dictionaries(
        {"@value": scalars}, optional={"@language": st.sampled_from(TAGS), "@direction": st.just("rtl")}
    )
    return st.one_of(
        scalars, inside, st.lists(st.one_of(scalars, inside), max_size=3), language_map, value_object
    )


def mutated(document):
    """Give copies of a document with one to four parts changed, as a strategy whose name leaves it out."""
    written = json.dumps(document)

    @st.composite
    def changed(draw):
        made = json.loads(written)
        for _ in range(draw(st.integers(1, 4))):
            places = list(_objects(made))
            _change(draw, places[draw(st.integers(0, len(places) - 1))], places)
        return made

    return changed()


def _objects(value):
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(part)


def _change(draw, part, places):
    foreign = places[draw(st.integers(0, len(places) - 1))]
    names = [*part, *foreign, *MEMBERS, *KEYWORDS, "Criteria", "undefined", "name", "xsd:x"]
    name = draw(st.sampled_from(names))
    old = part.pop(name, None)
    change = draw(
        st.sampled_from(["remove", "scalar", "list", "rename", "copy", "graft", "reorder", "value"])
    )
    if change == "scalar":
        part[name] = draw(scalars)
    elif change == "list":
        part[name] = [] if old is None else [old, json.loads(json.dumps(old))]
    elif change == "rename" and old is not None:
        part[draw(st.sampled_from(names))] = old
    elif change == "copy" and foreign:
        part[name] = json.loads(json.dumps(foreign))
    elif change == "graft" and foreign:
        part[name] = json.loads(json.dumps(foreign[draw(st.sampled_from(list(foreign)))]))
    elif change == "reorder" and old is not None:
        part[name] = old
    elif change == "value":
        part[name] = draw(values(st.builds(dict, type=st.just("Profile"))))
