"""Kill the issuing process at random moments and start it again until it is done (THREATS R1)."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from issuing_office import CODE, Office, class_list
from sqlmodel import select

from issuer.tables import BatchRow, CredentialRow, OutboxMailRow, StatusEntry
from issuer.transactions import reading

ROWS = 40
KILLS = 10
SEED = 20260703
SCRIPT = Path(__file__).with_name("issue_until_done.py")
ROOT = Path(__file__).parents[2]


class Killer:
    """Start issuing processes on a folder and kill them."""

    def __init__(self, folder):
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
        self._process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def run(self, *, kill_after=None):
        """Let one process work; kill it so many seconds after it is ready; say whether it was at work."""
        print("go", file=self._process.stdin, flush=True)
        said = [self._line(), self._line()]  # in the order in which parent and child come to speak
        child = next(int(line) for line in said if line != "ready")
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(child, signal.SIGKILL)
        print("over", file=self._process.stdin, flush=True)  # only now may its number be used again
        return self._line() == f"ended {int(signal.SIGKILL)}"

    def close(self):
        self._process.stdin.close()
        assert self._process.wait(timeout=60) == 0
        self._process.stdout.close()

    def _line(self):
        return self._process.stdout.readline().strip()


def test_a_killed_batch_is_finished_without_loss_or_repetition(tmp_path):
    office = Office(tmp_path / "var")
    office.ready(suspension=True)
    preview = office.issuer.import_class_list("uef", CODE, "r", class_list(ROWS))
    batch = office.issuer.start_batch(preview, by="registrar")
    moments, kills = random.Random(SEED), 0  # noqa: S311  (moments, not secrets)
    killer = Killer(office.folder)
    while kills < KILLS and killer.run(kill_after=moments.uniform(0.0, 0.12)):
        kills += 1
        assert_nothing_half(office)
    assert killer.run() is False
    killer.close()
    print(f"{kills} kills with seed {SEED}, {ROWS} rows")
    assert kills >= 8
    assert office.issuer.batch_result(batch).issued == ROWS
    assert_each_once(office)
    office.close()


def table(office, kind):
    with reading(office.engine) as session:
        return session.exec(select(kind)).all()


def assert_nothing_half(office):
    issued = {row.id for row in table(office, CredentialRow) if row.state == "issued"}
    assert {mail.credential_id for mail in table(office, OutboxMailRow)} == issued
    assert {row.credential_id for row in table(office, BatchRow) if row.state == "issued"} == issued


def assert_each_once(office):
    credentials = table(office, CredentialRow)
    assert len(credentials) == len({row.learner_id for row in credentials}) == ROWS
    places = [(entry.status_list_id, entry.list_index) for entry in table(office, StatusEntry)]
    assert len(places) == len(set(places)) == 2 * ROWS
    mails = table(office, OutboxMailRow)
    assert (
        len(mails)
        == len({mail.message_id for mail in mails})
        == len({m.credential_id for m in mails})
        == ROWS
    )
