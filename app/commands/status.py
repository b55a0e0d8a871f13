"""`testamur revoke`, `suspend` and `reinstate`: change what the status list says, and sign it at once."""

import getpass
from collections.abc import Callable
from pathlib import Path

import click

from app.commands.options import data_folder, read_settings
from app.signing import open_signing_office
from issuer import Issuer, RevocationReason

_CREDENTIAL = click.argument("credential", metavar="CREDENTIAL")
_BY = click.option("--by", help="Who decided. Default: the name of this account.")


@click.command()
@_CREDENTIAL
@click.option("--reason", required=True, type=click.Choice([each.value for each in RevocationReason]))
@_BY
@data_folder
def revoke(credential: str, reason: str, by: str | None, folder: Path | None) -> None:
    """Revoke a credential, named by its id, its code or its short code. This cannot be taken back."""
    _change(folder, lambda issuer: issuer.revoke(credential, reason=reason, by=by or getpass.getuser()))
    click.echo(f"{credential}: revoked ({reason}).")


@click.command()
@_CREDENTIAL
@_BY
@data_folder
def suspend(credential: str, by: str | None, folder: Path | None) -> None:
    """Suspend a credential whose definition allows it."""
    _change(folder, lambda issuer: issuer.suspend(credential, by=by or getpass.getuser()))
    click.echo(f"{credential}: suspended.")


@click.command()
@_CREDENTIAL
@_BY
@data_folder
def reinstate(credential: str, by: str | None, folder: Path | None) -> None:
    """Lift a suspension."""
    _change(folder, lambda issuer: issuer.reinstate(credential, by=by or getpass.getuser()))
    click.echo(f"{credential}: reinstated.")


def _change(folder: Path | None, act: Callable[[Issuer], None]) -> None:
    issuer = open_signing_office(read_settings(folder))
    act(issuer)
    issuer.sign_status_lists()
