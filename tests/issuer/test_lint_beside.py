"""Linting in processes beside this one: it finds the same, and one that dies costs nothing but time."""

import json
import os
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from demonstration import environment
from issuing_office import CODE, class_list
from sqlmodel import select

from issuer import lint_beside
from issuer.issuing import _Seals
from issuer.lint_beside import UNJUDGED, LintBeside, further_cores
from issuer.lint_process import answer
from issuer.plan import plan_rows
from issuer.tables import CredentialRow
from issuer.transactions import reading

ROOT = Path(__file__).parents[2]
LEAVING = """
import json, os, sys
from issuer.lint_beside import LintBeside
beside = LintBeside(json.loads(sys.argv[1]), processes=1)
print(beside.pids[0], flush=True)
os._exit(9)
"""


@pytest.fixture
def begun(monkeypatch):
    """Let even small batches be linted in one process beside; give all such crews that were made."""
    made = []

    class Known(LintBeside):
        def __init__(self, terms, *, processes):
            super().__init__(terms, processes=processes)
            made.append(self)

    monkeypatch.setattr("issuer.issuing.MANY", 1)
    monkeypatch.setattr("issuer.issuing.further_cores", lambda: 1)
    monkeypatch.setattr("issuer.issuing.LintBeside", Known)
    return made


@pytest.fixture
def planned(office):
    """Give three plans and what a lint for them is made of."""
    office.ready()
    batch = office.issuer.start_batch(
        office.issuer.import_class_list("uef", CODE, "r", class_list(3)), by="registrar"
    )
    plan_rows(office.issuer.deployment, office.links, batch, at_most=3)
    issuing = office.issuer._issuing
    plans = issuing._planned(batch)
    return plans, issuing._seals(batch).of(plans[0].form)[1].terms


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


def judged_there(beside, plans, monkeypatch):
    """Have all plans judged by the processes, none by the caller."""
    with monkeypatch.context() as patch:
        patch.setattr(lint_beside, "_next", lambda _waiting, answers: answers.get())
        return {plan.credential_id: said for plan, said in beside.judged(plans)}


def test_a_batch_is_issued_with_another_process_and_none_is_left(office, begun):
    office.ready()
    result = office.issue(12)
    assert (result.issued, result.failed, len(begun)) == (12, (), 1)
    assert {office.verified(each).verdict for each in office.issuer.credentials("uef")} == {"valid"}
    assert all(gone(pid) for pid in begun[0].pids)


def test_the_other_process_says_the_same(planned, monkeypatch):
    plans, terms = planned
    broken = json.loads(plans[0].unsigned)
    broken["credentialSubject"]["achievement"]["undefinedTerm"] = "x"
    nameless = json.loads(plans[1].unsigned)
    del nameless["credentialSubject"]["name"]
    object.__setattr__(plans[0], "unsigned", json.dumps(broken))
    object.__setattr__(plans[1], "unsigned", json.dumps(nameless))
    with LintBeside(terms, processes=1) as beside:
        said = judged_there(beside, plans, monkeypatch)
    assert "undefinedTerm" in said[plans[0].credential_id]
    assert said[plans[1].credential_id].startswith("M1")
    assert said[plans[2].credential_id] is None


def test_what_it_refuses_is_told_with_its_row(office, begun, monkeypatch):
    office.ready()
    from microcredential.credential import build_credential as build

    def break_second(**parts):
        document = build(**parts)
        if parts["subject"].student_number == "UEF-0002":
            document["credentialSubject"]["achievement"]["undefinedTerm"] = "x"
        return document

    monkeypatch.setattr("issuer.plan.build_credential", break_second)
    monkeypatch.setattr(lint_beside, "_next", lambda _waiting, answers: answers.get())
    monkeypatch.setattr("issuer.lint.Lint.check", refuse_here)
    result = office.issue(3)
    assert (result.issued, [row.line for row in result.failed]) == (2, [3])
    assert "undefinedTerm" in result.failed[0].reason


@pytest.mark.parametrize("harm", [signal.SIGKILL, signal.SIGSTOP], ids=lambda harm: harm.name)
def test_a_process_that_dies_or_is_silent_leaves_its_plan_to_us(office, begun, monkeypatch, harm):
    office.ready()
    monkeypatch.setattr(lint_beside, "_PATIENCE", 0.5)
    real = _Seals.of_today

    def harmed(seals, **given):
        real(seals, **given)
        for pid in begun[0].pids:
            os.kill(pid, harm)

    monkeypatch.setattr(_Seals, "of_today", harmed)
    monkeypatch.setattr("issuer.issuing.CHUNK", 4)
    assert office.issue(10).issued == 10
    assert begun[0].pids == []


def test_an_answer_that_is_none_is_no_leave_to_sign(planned, monkeypatch):
    plans, terms = planned
    with LintBeside(terms, processes=1) as beside:
        monkeypatch.setattr(beside._processes[0], "_line", lambda: b"0\n")
        assert set(judged_there(beside, plans[:1], monkeypatch).values()) == {UNJUDGED}
    assert beside.pids == []


def test_a_process_ends_when_its_parent_has_died(planned):
    _, terms = planned
    parent = subprocess.run(
        [sys.executable, "-c", LEAVING, json.dumps(dict(terms))],
        stdout=subprocess.PIPE,
        env=environment(PYTHONPATH=str(ROOT)),
        text=True,
    )
    assert parent.returncode == 9
    assert gone(int(parent.stdout))


def test_a_lint_that_raises_something_else_ends_its_process(planned):
    plans, terms = planned
    lines = [json.dumps(dict(terms)), "{}", plans[0].unsigned]
    with pytest.raises(KeyError):
        answer(BytesIO("\n".join(lines).encode()), BytesIO())


def test_it_is_given_no_secret(planned):
    _, terms = planned
    assert set(terms) == {"base_url", "issuer_id", "method", "country", "form", "kid"}


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
        patch.setattr("issuer.sealing.Seal.secure", fail)
        patch.setattr("issuer.lint.Lint.check", lambda *_given, **_named: None)
        with pytest.raises(RuntimeError):
            office.issue(6)
    assert all(gone(pid) for pid in begun[0].pids)
    with reading(office.engine) as session:
        assert {row.state for row in session.exec(select(CredentialRow)).all()} == {"planned"}
    office.issuer.resume()
    assert len(office.issuer.credentials("uef")) == 6
