"""Kill `testamur issue` at random moments and start it again until it is done (THREATS R1)."""

import json
import random
import subprocess
import time

import pytest
from command_line import call, make_office
from demonstration import TESTAMUR, environment
from issuing_office import ACHIEVEMENT, CODE, class_list
from stored_rows import rows

ROWS = 600  # several chunks, and enough that processes lint beside
KILLS = 5
SEED = 20261121


@pytest.mark.slow
def test_killed_and_started_again_it_loses_nothing_and_repeats_nothing(tmp_path):
    office = make_office(tmp_path / "data")
    arguments = prepared(tmp_path, office)
    moments, kills = random.Random(SEED), 0  # noqa: S311  (moments, not secrets)
    while kills < KILLS and killed(arguments, office, after=moments.uniform(0.05, 0.5)):
        kills += 1
    print(f"{kills} kills with seed {SEED}, {ROWS} rows")
    assert kills >= 3
    last = call(*arguments)
    assert last.status == 0, last.said
    assert count(office, "SELECT count(DISTINCT learner_id) FROM credential WHERE state = 'issued'") == ROWS
    assert count(office, "SELECT count(*) FROM credential") == ROWS
    assert count(office, "SELECT count(DISTINCT credential_id) FROM outbox_mail") == ROWS
    assert count(office, "SELECT count(*) FROM outbox_mail") == ROWS
    assert count(office, "SELECT count(*) FROM batch WHERE state = 'open'") == 0
    again = call(*arguments)
    assert f"0 issued, {ROWS} issued before, 0 failed." in again.out


def prepared(folder, office):
    definition = folder / "definition.json"
    options = {"code": CODE, "version": "1", "language": "en"}
    definition.write_text(json.dumps({"definition": options, "achievement": ACHIEVEMENT}), encoding="utf-8")
    listed = folder / "class.csv"
    listed.write_bytes(class_list(ROWS))
    given = ["--institution", "uef", "--definition", str(definition), "--run", "spring"]
    return ["issue", str(listed), *given, "--dir", str(office)]


def killed(arguments, office, *, after):
    """Start the command, wait until it has begun to plan or sign, kill it; False if it was done before."""
    before = count(office, "SELECT count(*) FROM credential")
    process = subprocess.Popen(
        [*TESTAMUR, *arguments], env=environment(office), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        if count(office, "SELECT count(*) FROM credential") > before:
            break
        time.sleep(0.02)
    time.sleep(after)
    alive = process.poll() is None
    process.kill()
    process.wait()
    return alive


def count(office, query):
    return rows(office, query)[0][0]
