"""Kill the worker while it issues a batch of the console: the next one finishes it, once (THREATS I1, R1)."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from batch_desks import desk, seen
from issuing_office import CODE, Office, class_list
from sqlmodel import select

from issuer.audit.verify import verify_audit
from issuer.audit_tables import AuditEntryRow
from issuer.batching import approval, drafts, progress, report
from issuer.tables import CredentialRow, OutboxMailRow
from issuer.transactions import reading

ROWS, KILLS, SEED = 16, 4, 20260704
SCRIPT = Path(__file__).with_name("issue_until_done.py")
ROOT = Path(__file__).parents[2]


def test_a_batch_of_the_console_survives_its_worker(tmp_path):
    office = Office(tmp_path / "var")
    office.ready()
    nam = desk(office, "Nam", "issuer")
    told = {"definition": CODE, "run": "Spring", "file_name": "x.csv", "data": class_list(ROWS)}
    batch = drafts.upload(nam, **told)
    approval.approve(nam, batch, **seen(nam, batch))
    moments = random.Random(SEED)  # noqa: S311  (moments, not secrets)
    with worker(office.folder) as process:
        for _ in range(KILLS):
            once(process, kill_after=moments.uniform(0.02, 0.25))
            now = progress.issuing_progress(nam, batch)
            assert (now.total, now.signed + now.waiting) == (ROWS, ROWS)
        once(process)
    assert progress.issuing_progress(nam, batch).signed == ROWS
    assert {one.state for one in report.recipients(nam, batch)} == {"signed"}
    with reading(office.engine) as session:
        urns = set(session.exec(select(CredentialRow.urn)))
        mails = session.exec(select(OutboxMailRow.credential_id)).all()
        signatures = session.exec(
            select(AuditEntryRow.subject).where(AuditEntryRow.act == "credential.issue")
        ).all()
    assert len(urns) == len(mails) == len(set(mails)) == len(signatures) == ROWS
    assert set(signatures) == urns
    assert all(chain.intact for chain in verify_audit(office.issuer.deployment))
    office.close()


def worker(folder):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


def once(process, *, kill_after=None):
    """Let one process work, and kill it so many seconds after it is ready."""
    print("go", file=process.stdin, flush=True)
    said = [process.stdout.readline().strip() for _ in range(2)]
    child = next(int(line) for line in said if line != "ready")
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    print("over", file=process.stdin, flush=True)
    process.stdout.readline()
