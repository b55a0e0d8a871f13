"""What one upload costs, for files as large and as tangled as the limits let them be (promise V7)."""

import pytest
from costly_files import FILES, Forge
from simulator import NOW, World
from upload_costs import cost_of

from verifier import Policy, Verdict

CPU_SECONDS = 2.0
WHAT_STOPPING_TAKES = 0.4  # of CPU: noticing that a child is at its limit, and what was done before
MEMORY_MIB = 256
FETCHES = 12


@pytest.fixture(scope="module")
def world():
    return World(now=NOW)


@pytest.mark.parametrize("name", FILES)
def test_an_upload_costs_little_however_it_was_made(world, name):
    build, verdicts = FILES[name]
    data = build(Forge(world))
    cost = cost_of(world, data)
    print(f"\n{name}, {len(data)} bytes: {cost}")
    assert cost.verdict in verdicts
    assert cost.all_cpu < CPU_SECONDS + WHAT_STOPPING_TAKES
    assert cost.memory < MEMORY_MIB
    assert cost.fetches <= FETCHES


def test_the_fetches_of_all_inside_are_counted_together(world):
    forge = Forge(world)
    many, few = (cost_of(world, forge.record(forge.issuers(count))) for count in (20, 2))
    assert (many.verdict, many.fetches) == (Verdict.undetermined, FETCHES)
    assert (few.verdict, few.fetches < FETCHES) == (Verdict.valid, True)
    world.requests.clear()
    cost_of(world, forge.record(forge.issuers(20)))
    assert len(set(world.requests)) == len(world.requests) == FETCHES, "nothing is asked twice"


def test_no_further_document_is_begun_once_the_time_is_used_up(world):
    forge = Forge(world)
    spent = world.verifier(policy=Policy(isolate=False, cpu_seconds=0.0))
    world.requests.clear()
    own = spent.verify(forge.stranger.file())
    assert (own.verdict, own.check("canonical").code) == (Verdict.refused, "limit_work")
    assert world.verifier().verify(forge.stranger.file()).verdict is Verdict.valid
    assert spent.verify(forge.listed()).verdict is Verdict.refused
    assert world.requests == []
    assert spent.verify_url("https://badges.keystone.example/1").verdict is not Verdict.valid
    assert world.requests == []


@pytest.mark.parametrize("name", FILES)
def test_a_costly_file_is_answered_in_words_and_is_no_fault_of_ours(site, name):
    """`Site` holds every answer to it: no status of 500 and above, nothing of the inside, in good time."""
    site.outside.asked.clear()
    answer = site.upload(FILES[name][0](Forge(World(now=NOW))))
    assert answer.status == 200
    assert answer.word in {"Refused", "Not valid", "Could not be checked", "Issuer not known to us"}
    assert len(site.outside.asked) <= FETCHES
