"""RDFC-1.0: the published vectors, the limits, and what must not matter."""

import csv
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_badge import badge
from yardsticks import yardsticks

from ob3.canonical import canonicalize, canonicalize_nquads
from ob3.errors import TooMuchWork


def rows(reference):
    with (reference / "vectors/rdf-canon/manifest.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def read(reference, name):
    return (reference / "vectors/rdf-canon/rdfc10" / name).read_bytes().decode()


def test_every_evaluation_vector_of_rdf_canon_passes(reference):
    passed = {"": 0, "SHA384": 0}
    for row in rows(reference):
        if row["rdfc10"] != "TRUE":
            continue
        result = canonicalize_nquads(
            read(reference, f"{row['test']}-in.nq"), hash="sha384" if row["hashAlgorithm"] else "sha256"
        )
        assert result == read(reference, f"{row['test']}-rdfc10.nq"), row["name"]
        passed[row["hashAlgorithm"]] += 1
    assert passed == {"": 63, "SHA384": 1}


def too_much(work):
    """See that this is given up early, and give the refusal."""
    refused = []

    def tried():
        with pytest.raises(TooMuchWork) as caught:
            work()
        refused.append(caught.value)

    assert yardsticks(tried) < 20
    return refused[0]


def test_the_negative_vector_is_refused_in_time(reference):
    (row,) = (row for row in rows(reference) if row["rdfc10"] == "RDFC10NegativeEvalTest")
    graph = read(reference, f"{row['test']}-in.nq")
    assert too_much(lambda: canonicalize_nquads(graph)).code == "canonical_work"


def test_a_canonical_form_is_its_own_canonical_form(reference):
    for row in rows(reference):
        if row["rdfc10"] == "TRUE" and not row["hashAlgorithm"]:
            form = read(reference, f"{row['test']}-rdfc10.nq")
            assert canonicalize_nquads(form) == form, row["name"]


def clique(size):
    return "".join(f"_:a{i} <urn:p> _:a{j} .\n" for i in range(size) for j in range(size) if i != j)


def results_with_equal_alignments(results, alignments):
    """Give a badge with unnamed results that hold unnamed, equal alignments."""
    subject = badge()["credentialSubject"]
    alignment = {"type": ["Alignment"], "targetName": "x", "targetUrl": "https://a.example/x"}
    subject["result"] = [{"type": ["Result"], "alignment": [alignment] * alignments} for _ in range(results)]
    return badge(credentialSubject=subject)


POISON = {
    "a clique of 6": clique(6),
    "a clique of 7": clique(7),
    "a clique of 20": clique(20),
    "a clique of 100": clique(100),
    "a ring of 3,000": "".join(f"_:a{i} <urn:p> _:a{(i + 1) % 3000} .\n" for i in range(3000)),
    "two hubs of 5,000": "".join(f"_:h{h} <urn:p> _:a{h}x{i} .\n" for h in range(2) for i in range(5000)),
    "two chains of 300": "".join(f"_:{c}{i} <urn:p> _:{c}{i + 1} .\n" for c in "ab" for i in range(300)),
}


@pytest.mark.parametrize("name", POISON)
def test_a_poisonous_graph_is_refused_soon(name):
    assert too_much(lambda: canonicalize_nquads(POISON[name])).code == "canonical_work"


def test_poison_in_a_badge_is_refused_soon_and_its_twin_is_accepted():
    assert too_much(lambda: canonicalize(results_with_equal_alignments(2, 7))).code == "canonical_work"
    assert canonicalize(results_with_equal_alignments(2, 3))
    assert canonicalize(results_with_equal_alignments(1, 1))


def test_the_budget_is_the_callers():
    assert canonicalize_nquads(clique(5))
    with pytest.raises(TooMuchWork):
        canonicalize_nquads(clique(5), budget=100)


def two_alike(parts):
    """Give two nodes that are alike in so many parts, which differ: two calls, and many steps."""
    return "".join(f"_:{node} <urn:p{part}> _:part{part} .\n" for node in "ab" for part in range(parts))


def test_small_steps_are_counted_where_calls_are_few():
    assert canonicalize_nquads(two_alike(50), budget=2)
    with pytest.raises(TooMuchWork):
        canonicalize_nquads(two_alike(150), budget=2)
    assert canonicalize_nquads(two_alike(150), budget=4)


nodes = st.sampled_from(["_:a", "_:b", "_:c", "_:d", "<urn:n>"])
graphs = st.lists(st.tuples(nodes, st.sampled_from(["<urn:p>", "<urn:q>"]), nodes), min_size=1, max_size=9)


@given(graphs, st.randoms())
def test_neither_labels_nor_order_nor_repetition_matter(triples, chance):
    lines = [f"{s} {p} {o} .\n" for s, p, o in triples]
    names = ["_:c14n0", "_:c14n1", "_:x", "_:z0"]
    chance.shuffle(names)
    renamed = dict(zip(["_:a", "_:b", "_:c", "_:d"], names, strict=True))
    other = [f"{renamed.get(s, s)} {p} {renamed.get(o, o)} .\n" for s, p, o in triples]
    chance.shuffle(other)
    assert canonicalize_nquads("".join(lines)) == canonicalize_nquads("".join([*other, chance.choice(other)]))


def test_two_equal_named_graphs_are_no_poison():
    lines = "".join(f"_:p <urn:{name}> <urn:o> _:g .\n" for name in "abcdef")
    twice = lines + lines.replace("_:p", "_:q").replace("_:g", "_:h")
    assert canonicalize_nquads(twice, budget=20).count("\n") == 12


def test_the_order_of_members_does_not_matter():
    document = badge()
    shuffled = list(document.items())
    random.Random(1).shuffle(shuffled)  # noqa: S311
    assert canonicalize(dict(shuffled)) == canonicalize(document)
