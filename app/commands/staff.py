"""`testamur staff`: the first administrators, and help for those who cannot get in."""

from pathlib import Path

import click

from app.commands.options import WrongUsage, data_folder, done_by, read_office_settings
from app.signing import open_audit
from issuer.deployment import Deployment
from issuer.staff.actor import command_line
from issuer.staff.closing import accounts, close_account
from issuer.staff.roles import Role
from issuer.staff.second_factor import reset_second_factor
from issuer.staff.tokens import invite_administrator

_ROLES = [role.value for role in Role if role is not Role.CONSORTIUM_ADMIN]


@click.group()
def staff() -> None:
    """Invite the first administrators, list accounts, help those who cannot get in."""


@staff.command(short_help="Invite somebody and print the link.")
@click.argument("email")
@click.option("--name", required=True, help="Their name, as the audit shall tell it.")
@click.option("--institution", metavar="SLUG", help="The institution for which they work.")
@click.option("--consortium", is_flag=True, help="Make them an administrator of the consortium.")
@click.option(
    "--role",
    "roles",
    type=click.Choice(_ROLES),
    multiple=True,
    help="A role in the institution; may stand several times. Default: institution_admin.",
)
@done_by
@data_folder
def add(
    email: str,
    name: str,
    institution: str | None,
    consortium: bool,
    roles: tuple[str, ...],
    by: str,
    folder: Path | None,
) -> None:
    """Invite EMAIL to an institution or to the consortium, and print the link.

    The link is good once, for seven days. It also goes out by mail, as soon as a worker and a mail server
    are there. Who has an account already gets the roles and no link.
    """
    if consortium == (institution is not None) or (consortium and roles):
        raise WrongUsage("Say --institution SLUG, with --role as you like, or --consortium.")
    given = [Role(role) for role in roles] or [Role.INSTITUTION_ADMIN]
    made = invite_administrator(
        _office(folder, by),
        slug=institution,
        email=email,
        name=name,
        roles=[Role.CONSORTIUM_ADMIN] if consortium else given,
    )
    if made.link is None:
        click.echo(f"{made.email} has an account, and now these roles too.")
        return
    click.echo(
        f"Invited {made.email}. Whoever opens this link becomes them; give it to nobody else:", err=True
    )
    click.echo(made.link)


@staff.command("list", short_help="List accounts with their roles.")
@data_folder
def list_staff(folder: Path | None) -> None:
    """List every account by address: name, state, second factor, roles."""
    for person, roles in accounts(open_audit(read_office_settings(folder))):
        factor = "second factor" if person.totp_confirmed else "no second factor"
        held = ", ".join(f"{role} of {slug or 'the consortium'}" for slug, role in roles) or "no role"
        click.echo(f"{person.email}: {person.name}, {person.state}, {factor}; {held}")


@staff.command(short_help="Close an account everywhere.")
@click.argument("email")
@done_by
@data_folder
def close(email: str, by: str, folder: Path | None) -> None:
    """Close the account of EMAIL: sessions and links end now, roles everywhere are taken.

    Refused for the last administrator of an institution or of the consortium.
    """
    click.echo(f"Closed the account of {close_account(_office(folder, by), email)}.")


@staff.command("reset-second-factor", short_help="Let somebody set up a new authenticator.")
@click.argument("email")
@done_by
@data_folder
def reset_factor(email: str, by: str, folder: Path | None) -> None:
    """Take away the lost authenticator and the recovery codes of EMAIL, and end their sessions.

    They sign in with the password and set up a new one before anything else. First make sure, not by mail,
    that it is they who ask: until then their password alone lets somebody in.
    """
    name = reset_second_factor(_office(folder, by), email)
    click.echo(f"{name} sets up a new authenticator at the next sign-in.")


def _office(folder: Path | None, by: str) -> Deployment:
    """Open the office as whoever runs the command, who reaches every institution."""
    return open_audit(read_office_settings(folder)).acting(command_line(by))
