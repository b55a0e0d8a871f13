"""`testamur keys revoke`: say what a revocation ends, and do it once that is confirmed."""

from collections.abc import Iterator
from pathlib import Path

import click

from app.commands.options import data_folder, done_by, read_office_settings
from app.signing import open_reading_office, open_signing_office
from issuer.key_revocation import KeyRevocation


@click.command(short_help="Revoke a key that may be in other hands.")
@click.argument("slug")
@click.argument("key")
@click.option(
    "--list",
    "only_list",
    is_flag=True,
    help="Print the ids of what it signed and nobody has revoked; do nothing.",
)
@click.option("--yes", is_flag=True, help="Do it. Without this the command only says what would end.")
@done_by
@data_folder
def revoke(slug: str, key: str, only_list: bool, yes: bool, by: str, folder: Path | None) -> int:
    """Revoke KEY of SLUG: every credential that it signed stops being valid, whenever it was signed.

    KEY is a verification method as `keys list` prints it, or what stands behind its #. A key that signs today
    is followed by a new one, with which the status lists are signed anew at once. A key that is merely old
    wants no revocation: replace it with `keys rotate`.

    There is no way back. Refused on a loopback address, where an institution is known by its key.

    Exit status: 0 it is revoked, or listed; 1 nothing was done.
    """
    settings = read_office_settings(folder)
    if only_list:
        for urn in open_reading_office(settings).credentials_signed_by(slug, key):
            click.echo(urn)
        return 0
    if not yes:
        planned = open_reading_office(settings).plan_key_revocation(slug, key)
        for line in _planned(planned):
            click.echo(line)
        return 1
    done = open_signing_office(settings).revoke_key(slug, key, by=by)
    for line in _done(slug, done):
        click.echo(line)
    return 0


def _planned(one: KeyRevocation) -> Iterator[str]:
    yield f"{one.verification_method} {one.algorithm}"
    yield f"Revoking it ends {_credentials(one.ending)} for good: their readers will be told “not valid”."
    if one.over:
        yield f"{_credentials(one.over)} that it signed {_were(one.over)} revoked before."
    if one.signs:
        yield "It signs today: a new key takes its place, and the status lists are signed anew."
    yield "Nothing was done. Say --yes to revoke it; there is no way back."


def _done(slug: str, one: KeyRevocation) -> Iterator[str]:
    yield f"{slug}: {one.verification_method} is revoked; the DID document says so from now on."
    if one.followed_by:
        yield f"{slug}: {one.followed_by} signs from now on; the status lists are signed with it."
    yield f"{_credentials(one.ending)} that it signed {_are(one.ending)} no longer valid."
    if one.ending:
        yield (
            "Tell their holders: revoke each with --reason key, which sends them a mail, and issue them anew."
        )


def _credentials(count: int) -> str:
    return f"{count:,} credential{'' if count == 1 else 's'}"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
