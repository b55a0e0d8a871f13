"""Fifty poison uploads at once, in the forms that may hold much: tokens, presentations, records, selections.

The promise is that a good upload takes three seconds at most meanwhile (V7), on a machine that does nothing
else; where others load it, as much longer as there is more to do than it has cores.
"""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from costly_files import Forge, alike, clique, evidence
from demonstration import serving
from foreign_badge import as_bytes
from free_ports import free_port
from hostile_wire import get, upload
from simulator import NOW, World

UNLIMITED = {"TESTAMUR_LIMIT_VERIFY": "100000 per minute", "TESTAMUR_LIMIT_CODES": "100000 per minute"}
PROMISED_SECONDS = 3.0
SIGNATURE_FITS = b"signature: signature_fits"


@pytest.fixture(scope="module")
def port(demo):
    chosen = free_port()
    with serving(demo.folder, chosen, TESTAMUR_BASE_URL=demo.base_url, **UNLIMITED):
        yield chosen


@pytest.fixture(scope="module")
def forge():
    return Forge(World(now=NOW))


def poisons(forge):
    """Give files that cost as much as they may, none of which asks anybody outside."""
    many = [forge.token(evidence=evidence(840, at)) for at in range(1, 15)]
    return [
        forge.presented(many),
        forge.presented([forge.poisoned_token(subject=clique()) for _ in range(20)]),
        forge.presented([forge.token(**forge.endorsed(20, evidence=evidence(1)))] * 20),
        as_bytes(forge.stranger.sign(forge.badge(**forge.endorsed(880)))),
        forge.chain(),
        forge.several_proofs(),
        forge.selection(),
        forge.stranger.poison(evidence=alike(900)),
        forge.nested(),
        forge.poisoned_token(name="x" * 2**20).encode(),
    ]


def good(demo, forge):
    """Give honest files in four forms."""
    issued = [Path(demo.credentials("issued")[0][kind]).read_bytes() for kind in ("json", "png")]
    return [*issued, forge.token().encode(), forge.presented([forge.token()])]


def asked(port, files, times):
    """Hand good files in one after another, and note how long each took."""
    for at in range(20):
        reply = upload(port, files[at % len(files)])
        assert reply.status == 200
        assert SIGNATURE_FITS in reply.raw
        times.append(reply.seconds)
    times.sort()


@pytest.mark.slow
def test_fifty_poison_uploads_in_the_forms_that_hold_much_do_not_hold_up_good_ones(demo, port, forge):
    files, sent = good(demo, forge), poisons(forge) * 5
    alone, times, started = [], [], threading.Event()
    asked(port, files, alone)
    crowd = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))

    def ask_meanwhile():
        started.wait()
        asked(port, files, times)

    began = time.monotonic()
    with ThreadPoolExecutor(51) as pool:
        asking = pool.submit(ask_meanwhile)
        waiting = [pool.submit(upload, port, each) for each in sent]
        started.set()
        replies = [each.result() for each in waiting]
        asking.result()
    print(
        f"\n50 poison uploads answered in {time.monotonic() - began:.1f} s, slowest "
        f"{max(each.seconds for each in replies):.1f} s; good ones meanwhile: median {times[10]:.2f} s, "
        f"p95 {times[18]:.2f} s; alone: median {alone[10]:.2f} s, p95 {alone[18]:.2f} s; crowd {crowd:.1f}"
    )
    assert {each.status for each in replies} == {200}
    assert not [each for each in replies if b"Traceback" in each.raw]
    assert times[18] < PROMISED_SECONDS * crowd
    assert get(port).status == 200
    after = []
    asked(port, files, after)
    assert after[10] < max(1.0, 4 * alone[10]), "what was poured in is forgotten"
