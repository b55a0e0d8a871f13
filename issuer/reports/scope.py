"""Whose figures a report has: an institution's for its own people, all institutions' for the consortium."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlmodel import Session

from issuer.deployment import Deployment
from issuer.staff.roles import Act
from issuer.staff.within import must_within
from issuer.tenancy import CONSORTIUM


def is_of_consortium(desk: Deployment) -> bool:
    """Tell whether somebody asks for the consortium."""
    return desk.tenant == CONSORTIUM


@contextmanager
def counting(desk: Deployment) -> Iterator[Session]:
    """Open a session for figures: of one institution, or of all for the consortium. Raises NotAllowed.

    What is read past the tenancy here leaves as counts alone.
    """
    must_within(desk.actor, Act.READ_REPORTS, None)  # no role within a faculty reaches it
    office = replace(desk, tenant=None) if is_of_consortium(desk) else desk
    with office.reading() as session:
        yield session
