"""The parts of the measuring code: turns and ratios, stages of a stack, tables, the missing peer."""

from collections import Counter

import pytest

from benchmarks import drawing_peers, peer
from benchmarks.goals import BOUNDS, GOALS, MEMORY, RATE, SIGN
from benchmarks.interleaved import Contender, Measured, measure
from benchmarks.page import BEGIN, END, written_between_marks
from benchmarks.plot import plot
from benchmarks.sampling import part_of, shares, stage_of
from benchmarks.tables import table


def test_contenders_take_turns_and_every_round_begins_with_another():
    order = []

    def runs(name):
        def run(times):
            order.append(name)
            return times * 0.001

        return run

    measured = measure([Contender("a", runs("a")), Contender("b", runs("b"))], rounds=4, seconds=0.004)
    assert order[-8:] == ["a", "b", "b", "a", "a", "b", "b", "a"]
    assert [len(each.seconds) for each in measured] == [4, 4]
    assert measured[0].median == pytest.approx(0.001)


def test_a_ratio_is_taken_round_by_round():
    slow_machine_in_round_two = Measured("mine", [1.0, 10.0, 1.0])
    other = Measured("other", [3.0, 30.0, 3.0])
    assert slow_machine_in_round_two.times_faster_than(other) == 3


ISSUING = [
    "issuer.service.Issuer.issue_batch",
    "issuer.issuing.Issuing._fulfil",
]


@pytest.mark.parametrize(
    ("inner", "stage"),
    [
        (["issuer.sealing.Seal.secure_text", "ob3.proof.add_proof"], "sign"),
        (["issuer.lint.Lint.check", "issuer.sealing.Seal.secure_text"], "lint: sign with a throw-away key"),
        (["issuer.lint.Lint.check", "verifier.verifier.Verifier.verify"], "lint: the whole verifier"),
        (["issuer.sealing.Reader.read_back", "ob3.proof.verify_proof"], "verify what was signed"),
        ([], "store, transaction B"),
    ],
)
def test_a_stack_names_its_stage(inner, stage):
    assert stage_of([*ISSUING, *inner]) == stage


def test_a_stack_of_nothing_known_is_elsewhere():
    assert stage_of(["click.core.Command.main"]) == "elsewhere"
    assert part_of(["json.encoder.iterencode"]) == "elsewhere"


def test_the_standard_library_counts_for_its_caller():
    assert part_of(["copy.deepcopy", "ob3.proof.add_proof"]) == "proofs, the rest of ob3"
    assert part_of(["re.match", "pyld.jsonld._expand"]) == "JSON-LD expansion (PyLD)"


def test_shares_add_up_and_the_largest_comes_first():
    assert shares(Counter({"small": 1, "large": 3})) == {"large": 0.75, "small": 0.25}


def test_every_stage_and_part_names_code_that_exists():
    import importlib

    from benchmarks.sampling import PARTS, STAGES

    for row, _ in STAGES:
        for name in row:
            module, _, rest = name.partition(".")
            found = importlib.import_module(f"{module}.{rest.split('.')[0]}")
            for step in rest.split(".")[1:]:
                found = getattr(found, step)
    for beginning in PARTS:
        importlib.import_module(beginning)


def test_columns_stand_under_each_other_with_combining_letters():
    lines = table(["word", "n"], [["e\u0302", "1"], ["long word", "22"]]).splitlines()
    assert lines[2].startswith("| e\u0302         |")
    assert lines[3] == "| long word | 22 |"


def test_a_machine_without_node_has_no_peer(monkeypatch):
    monkeypatch.setattr(peer.shutil, "which", lambda _name: None)
    assert peer.missing().startswith("no peer: Node is not installed")


def test_a_tree_without_node_modules_has_no_peer(monkeypatch, tmp_path):
    monkeypatch.setattr(peer.shutil, "which", lambda _name: "node")
    monkeypatch.setattr(peer, "_INSTALLED", tmp_path / "package.json")
    assert peer.missing().startswith("no peer: tests/interop/node_modules")
    (tmp_path / "package.json").write_text("{}")
    assert peer.missing() == ""


def test_a_machine_without_weasyprint_has_no_such_peer(monkeypatch):
    def absent(_name):
        raise ImportError

    monkeypatch.setattr(drawing_peers.importlib, "import_module", absent)
    assert drawing_peers.missing().startswith("no WeasyPrint: it is not installed")


def test_a_bound_is_a_most_or_a_least():
    assert (BOUNDS[MEMORY].met(300), BOUNDS[MEMORY].met(301)) == (True, False)
    assert (BOUNDS[RATE].met(1_000), BOUNDS[RATE].met(999)) == (True, False)


def test_tables_replace_those_between_the_marks_and_nothing_else():
    page = f"a\n{BEGIN}\nold\n{END}\nb\n"
    once = written_between_marks(page, "new")
    assert once == f"a\n{BEGIN}\n\nnew\n\n{END}\nb\n"
    assert written_between_marks(once, "new") == once


@pytest.mark.parametrize("page", ["", BEGIN, END, f"{END}\n{BEGIN}"])
def test_a_page_without_both_marks_is_refused(page):
    with pytest.raises(ValueError, match="no line"):
        written_between_marks(page, "new")


def test_the_plot_shows_what_has_a_goal_and_a_peer():
    row = {"name": SIGN, "times_peer": 31.4, "required": GOALS[SIGN].required, "aim": GOALS[SIGN].aim}
    alone = {"name": "<none>", "times_peer": None, "required": 8, "aim": None}
    drawn = plot([row, alone])
    assert drawn.count("<rect") == 1
    assert "31.4" in drawn
    assert "none" not in drawn.partition("</style>")[2]
    assert "prefers-color-scheme: dark" in drawn
