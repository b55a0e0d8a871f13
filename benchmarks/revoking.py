"""Revoke one credential after the other, and sign their status list anew after each, as the worker does.

The list is made long and a twentieth of it set at random, as after years of use; the worker has met it
before. Everybody has had the mail about the award, and so is owed one about its end.
"""

import time
from collections.abc import Callable
from random import Random

from sqlalchemy import update
from sqlmodel import col

from benchmarks.credential import Sample
from benchmarks.goals import REVOKE
from benchmarks.interleaved import Measured
from issuer.records import RevocationReason
from issuer.status_bits import KeptBits
from issuer.status_places import REVOCATION
from issuer.tables import OutboxMailRow, StatusList

SIGN_LIST = "of that, to sign and store the list"
LENGTH = 1_048_576
_ONE_IN = 20  # set already
_SEED = 20


def revoking(sample: Sample) -> list[Measured]:
    """Measure on every credential of the sample but the first; they are revoked afterwards."""
    issuer = sample.office.issuer
    _lengthen(sample)
    _send(sample)
    issuer.sign_status_lists(only_due=False)
    _fill(issuer._kept_bits)
    whole, signing = Measured(REVOKE), Measured(SIGN_LIST)
    for record in sample.records[1:]:
        revoked = _seconds(lambda: issuer.revoke(record.urn, reason=RevocationReason.ERROR, by="benchmark"))  # noqa: B023
        signed = _seconds(issuer.sign_status_lists)
        whole.seconds.append(revoked + signed)
        signing.seconds.append(signed)
    return [whole, signing]


def _lengthen(sample: Sample) -> None:
    with sample.deployment.writing() as session:
        session.exec(update(StatusList).where(col(StatusList.purpose) == REVOCATION).values(length=LENGTH))


def _send(sample: Sample) -> None:
    with sample.deployment.writing() as session:
        session.exec(update(OutboxMailRow).values(state="sent", sent=sample.deployment.now()))


def _fill(kept: KeptBits) -> None:
    """Set bits of what the worker keeps, as if so many had been revoked before.

    At random, as places are: a regular pattern would be packed to nothing.
    """
    random = Random(_SEED)  # noqa: S311  (the same places each time)
    for one in kept._kept.values():
        if one.statuses.length == LENGTH:
            for index in random.sample(range(LENGTH), LENGTH // _ONE_IN):
                one.statuses.set(index, True)


def _seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start
