"""What a worker process of a web server does with the limited child."""

import limited_jobs

from verifier.limited import run_limited


def work():
    assert run_limited(limited_jobs.add, 1, 1) == 2
