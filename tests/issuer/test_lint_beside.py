"""Linting in processes beside this one: it finds the same, and one that dies costs nothing but time."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from demonstration import environment
from issuing_office import CODE, class_list
from sqlmodel import select

from issuer import lint_beside
from issuer.errors import IssuerError
from issuer.issuing import _Desks
from issuer.lint_beside import LintBeside, ProcessGone, further_cores
from issuer.lint_process import answer
from issuer.plan import plan_rows
from issuer.tables import CredentialRow
from issuer.transactions import reading

ROOT = Path(__file__).parents[2]
LEAVING = """
import json, os, sys
from issuer.lint_beside import LintProcess
process = LintProcess(json.loads(sys.argv[1]))
print(process.pid, flush=True)
os._exit(9)
"""


@pytest.fixture
def begun(monkeypatch):
    """Let even small batches be linted in one process beside; give all such crews that were made."""
    made = []

    class Known(LintBeside):
        def __init__(self, desk, *, processes):
            super().__init__(desk, processes=processes)
            self.begun_with = self.pids
            if processes:
                made.append(self)

    monkeypatch.setattr("issuer.issuing.MANY", 1)
    monkeypatch.setattr("issuer.issuing.further_cores", lambda: 1)
    monkeypatch.setattr("issuer.issuing.LintBeside", Known)
    return made


@pytest.fixture
def planned(office):
    """Give three plans and a desk for them."""
    office.ready()
    batch = office.issuer.start_batch(
        office.issuer.import_class_list("uef", CODE, "r", class_list(3)), by="registrar"
    )
    plan_rows(office.issuer.deployment, office.links, batch, at_most=3)
    issuing = office.issuer._issuing
    plans = issuing._planned(batch)
    return plans, issuing._desks(batch)._desk(plans[0].form)


def gone(pid, patience=20.0):
    """Wait until a process is no more."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def refuse_here(*_given, **_named):
    raise AssertionError("this plan is for the other process")


def done_there(beside, plans):
    """Have all plans fulfilled with the processes, none by the caller."""
    done = [piece.outcome.result() for piece in beside.begin(plans)]
    return {one.credential_id: one for piece in done for one in piece}


def test_a_batch_is_issued_with_another_process_and_none_is_left(office, begun):
    office.ready()
    result = office.issue(12)
    assert (result.issued, result.failed, len(begun)) == (12, (), 1)
    assert {office.verified(each).verdict for each in office.issuer.credentials("uef")} == {"valid"}
    assert all(gone(pid) for pid in begun[0].begun_with)


def changed(plan, change):
    document = json.loads(plan.unsigned)
    change(document)
    return replace(plan, unsigned=json.dumps(document))


def test_the_other_process_says_the_same(planned, monkeypatch):
    plans, desk = planned
    plans[0] = changed(plans[0], lambda it: it["credentialSubject"]["achievement"].update(undefinedTerm="x"))
    plans[1] = changed(plans[1], lambda it: it["credentialSubject"].pop("name"))
    here = [desk.fulfilled(plan) for plan in plans]
    monkeypatch.setattr("issuer.lint.Lint.check", refuse_here)
    monkeypatch.setattr("issuer.sealing.Reader.read_back", refuse_here)
    with LintBeside(desk, processes=1) as beside:
        said = done_there(beside, plans)
    assert [said[plan.credential_id] for plan in plans] == here
    assert "undefinedTerm" in here[0].reason
    assert here[1].reason.startswith("M1")


def test_what_it_refuses_is_told_with_its_row(office, begun, monkeypatch):
    office.ready()
    from microcredential.credential import build_credential as build

    def break_second(**parts):
        document = build(**parts)
        if parts["subject"].student_number == "UEF-0002":
            document["credentialSubject"]["undefinedTerm"] = "x"
        return document

    monkeypatch.setattr("issuer.plan.build_credential", break_second)
    monkeypatch.setattr("issuer.lint_beside.Piece.do_here", refuse_here)
    monkeypatch.setattr(LintBeside, "done", lambda _beside, piece: piece.outcome.result())
    result = office.issue(3)
    assert (result.issued, [row.line for row in result.failed]) == (2, [3])
    assert "undefinedTerm" in result.failed[0].reason


@pytest.mark.parametrize("harm", [signal.SIGKILL, signal.SIGSTOP], ids=lambda harm: harm.name)
def test_a_process_that_dies_or_is_silent_leaves_its_plan_to_us(office, begun, monkeypatch, harm):
    office.ready()
    monkeypatch.setattr(lint_beside, "_PATIENCE", 0.5)
    real = _Desks.of_today

    def harmed(desks, **given):
        real(desks, **given)
        for pid in begun[0].pids:
            os.kill(pid, harm)

    monkeypatch.setattr(_Desks, "of_today", harmed)
    monkeypatch.setattr("issuer.issuing.CHUNK", 4)
    assert office.issue(10).issued == 10
    assert begun[0].pids == []


@pytest.mark.parametrize(
    "line", [b"0", b"nonsense", b"[]", b"[null]", b"[null,null,0]", b"{}"], ids=lambda line: line.decode()
)
def test_an_answer_that_is_none_is_no_leave_to_sign(planned, monkeypatch, line):
    plans, desk = planned
    with LintBeside(desk, processes=1) as beside:
        monkeypatch.setattr(beside._processes[0], "_line", lambda: line)
        monkeypatch.setattr(type(desk), "secured", refuse_here)
        piece = beside.begin(plans)[0]
        with pytest.raises(ProcessGone):
            piece.outcome.result()
        assert beside.done(piece) == [desk.fulfilled(plan) for plan in plans]
    assert beside.pids == []


def test_what_a_process_does_not_confirm_is_read_here(planned, monkeypatch):
    plans, desk = planned
    wrong = {plans[1].credential_id}
    real, read = type(desk).secured, []

    def broken(desk, plan):
        text = real(desk, plan)
        return text.replace("UEF-0", "UEF-1") if plan.credential_id in wrong else text

    monkeypatch.setattr(type(desk), "secured", broken)
    monkeypatch.setattr(type(desk), "read_back", lambda _desk, plan, _text: read.append(plan.credential_id))
    with LintBeside(desk, processes=1) as beside:
        done_there(beside, plans)
    assert set(read) == wrong
    monkeypatch.undo()
    monkeypatch.setattr(type(desk), "secured", broken)
    with LintBeside(desk, processes=1) as beside, pytest.raises(IssuerError) as refused:
        done_there(beside, plans)
    assert refused.value.code == "signed_wrong"


def test_pieces_follow_one_another_to_one_process(planned, monkeypatch):
    plans, desk = planned
    monkeypatch.setattr(lint_beside, "PIECE", 1)
    with LintBeside(desk, processes=1) as beside:
        assert set(done_there(beside, plans)) == {plan.credential_id for plan in plans}
        assert set(done_there(beside, plans)) == {plan.credential_id for plan in plans}


def test_a_process_ends_when_its_parent_has_died(planned):
    _, desk = planned
    parent = subprocess.run(
        [sys.executable, "-c", LEAVING, json.dumps(dict(desk.terms))],
        stdout=subprocess.PIPE,
        env=environment(PYTHONPATH=str(ROOT)),
        text=True,
    )
    assert parent.returncode == 9
    assert gone(int(parent.stdout))


def test_a_lint_that_raises_something_else_ends_its_process(planned):
    plans, desk = planned
    lines = [json.dumps(dict(desk.terms)), '{"plans": [{}]}', plans[0].unsigned]
    with pytest.raises(KeyError):
        answer(BytesIO("\n".join(lines).encode()), BytesIO())


def test_what_was_never_linted_is_not_confirmed(planned):
    plans, desk = planned
    lines = [json.dumps(dict(desk.terms)), '{"signed": [0]}', desk.secured(plans[0])]
    with pytest.raises(IndexError):
        answer(BytesIO("\n".join(lines).encode()), BytesIO())


def test_it_is_given_no_secret(planned):
    _, desk = planned
    named = {"base_url", "issuer_id", "method", "country", "form", "kid"}
    assert set(desk.terms) == named | {"public_key"}
    assert desk.terms["public_key"] == desk.seal.public_key.multikey


def test_small_batches_and_single_cores_begin_no_process(office, begun, monkeypatch):
    office.ready()
    monkeypatch.setattr("issuer.issuing.MANY", 3)
    assert office.issue(2, run="small").issued == 2
    monkeypatch.setattr("issuer.issuing.further_cores", lambda: 0)
    assert office.issue(4, run="one core").issued == 4
    assert begun == []
    assert 0 <= further_cores() <= lint_beside.MOST_PROCESSES


def test_a_fault_while_signing_leaves_plans_and_no_process(office, begun, monkeypatch):
    office.ready()

    def fail(*_given, **_named):
        raise RuntimeError("the power fails")

    with monkeypatch.context() as patch:
        patch.setattr("issuer.sealing.Seal.secure_text", fail)
        patch.setattr("issuer.lint.Lint.check", lambda *_given, **_named: None)
        with pytest.raises(RuntimeError):
            office.issue(6)
    assert all(gone(pid) for pid in begun[0].begun_with)
    with reading(office.engine) as session:
        assert {row.state for row in session.exec(select(CredentialRow)).all()} == {"planned"}
    office.issuer.resume()
    assert len(office.issuer.credentials("uef")) == 6
