"""`testamur revoke`, `suspend`, `reinstate`: change what a status list says, and sign it at once; `renew`."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path

import click

from app.commands.options import data_folder, done_by, read_office_settings
from app.signing import open_signing_office
from issuer import CredentialRecord, Issuer, IssuerError, NotFound, RevocationReason

_REASONS = {
    RevocationReason.REPLACED: "a corrected one takes its place",
    RevocationReason.ERROR: "it was issued by mistake",
    RevocationReason.BOARD: "a board decided so",
    RevocationReason.WISH: "the holder wishes it",
    RevocationReason.KEY: "its key is no longer safe",
}
_CREDENTIAL = click.argument("credential", metavar="CREDENTIAL")


@click.command(
    epilog="Reasons: " + "; ".join(f"{reason}: {meaning}" for reason, meaning in _REASONS.items()) + "."
)
@_CREDENTIAL
@click.option(
    "--reason",
    required=True,
    type=click.Choice([each.value for each in RevocationReason]),
    help="Why; the verification page tells it.",
)
@done_by
@data_folder
def revoke(credential: str, reason: str, by: str, folder: Path | None) -> None:
    """Revoke CREDENTIAL for good: its id, its link, its code or the short code on the paper.

    This cannot be taken back. The status list is signed anew at once.
    """
    _change(
        folder,
        credential,
        f"revoked ({reason})",
        lambda issuer, urn: issuer.revoke(urn, reason=reason, by=by),
    )


@click.command()
@_CREDENTIAL
@done_by
@data_folder
def suspend(credential: str, by: str, folder: Path | None) -> None:
    """Suspend CREDENTIAL, if its definition allows that, until it is reinstated.

    CREDENTIAL is its id, its link, its code or the short code on the paper.
    """
    _change(folder, credential, "suspended", lambda issuer, urn: issuer.suspend(urn, by=by))


@click.command()
@_CREDENTIAL
@done_by
@data_folder
def reinstate(credential: str, by: str, folder: Path | None) -> None:
    """Lift the suspension of CREDENTIAL: its id, its link, its code or the short code on the paper."""
    _change(folder, credential, "reinstated", lambda issuer, urn: issuer.reinstate(urn, by=by))


@click.command()
@_CREDENTIAL
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Last day of the new period. Default: as long from now as its definition says.",
)
@done_by
@data_folder
def renew(credential: str, until: datetime | None, by: str, folder: Path | None) -> None:
    """Give CREDENTIAL a new period from now on and sign it anew, if its definition has “refresh: true”.

    It keeps its id and says the same. Whoever has an earlier version is led to this one. CREDENTIAL is its
    id, its link, its code or the short code on the paper.
    """
    end = until and datetime.combine(until.date(), time(23, 59, 59), tzinfo=UTC)
    _change(folder, credential, "renewed", lambda issuer, urn: issuer.renew(urn, until=end, by=by))


def _change(folder: Path | None, named: str, done: str, act: Callable[[Issuer, str], None]) -> None:
    issuer = open_signing_office(read_office_settings(folder))
    record = _find(issuer, named)
    act(issuer, record.urn)
    issuer.sign_status_lists()
    click.echo(f"{record.definition.code}, {record.learner_name}, {record.student_number}: {done}.")


def _find(issuer: Issuer, named: str) -> CredentialRecord:
    """Find by whatever a registrar has in hand; raises NotFound."""
    if named.startswith("urn:uuid:"):
        return issuer.credential(named)
    code = named.rstrip("/").rpartition("/c/")[2]
    for find in (issuer.credential_by_code, issuer.by_short_code):
        try:
            return find(code)
        except NotFound:
            continue
    raise IssuerError(
        "unknown_credential",
        f"No credential here is “{named[:100]}”. Give its id (urn:uuid:...), its link, its code, or the "
        "short code on the paper.",
    )
