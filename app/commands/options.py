"""Options that several subcommands have, and what they open."""

import getpass
import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from app.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])
_SQLITE = "sqlite:///"


class WrongUsage(click.ClickException):
    """Say that a command cannot be done as it was given; ends with the status of wrong usage."""

    exit_code = 64


def data_folder(command: Command) -> Command:
    """Give a subcommand the option that names its data folder."""
    return click.option(
        "--dir",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        help="Data folder. Default: TESTAMUR_DIR, else ./var.",
    )(command)


def done_by(command: Command) -> Command:
    """Give a subcommand the option that names who decides."""
    return click.option("--by", default=account, help="Who decides. Default: the name of this account.")(
        command
    )


def clock_of(now: str | None) -> Callable[[], datetime]:
    """Give the clock of `--now`, the system's without it; raises click.UsageError for no time with a zone."""
    if now is None:
        return lambda: datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(now)
        if moment.tzinfo is None:
            raise ValueError
        fixed = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.UsageError(
            "--now wants a time with its zone, for example 2026-06-30T12:00:00Z."
        ) from None
    return lambda: fixed


def account() -> str:
    """Name the account that runs this process; in a container it may have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def read_settings(folder: Path | None, **overrides: object) -> Settings:
    """Read the settings, with what the command line says in place of the environment's."""
    given = {"dir": folder or _folder_of_the_group(), **overrides}
    return Settings.from_env(**{name: str(value) for name, value in given.items() if value is not None})


def read_settings_without_web(folder: Path | None) -> Settings:
    """Read the settings for a command that shows no pages: the pages' secret is neither needed nor made."""
    return read_settings(folder, secret_key=secrets.token_urlsafe(48))


def read_office_settings(folder: Path | None) -> Settings:
    """Read the settings of a data folder that is in use; raises WrongUsage where there is none.

    So a mistyped folder is not made.
    """
    settings = read_settings_without_web(folder)
    in_a_file = settings.database_url.startswith(_SQLITE)
    in_use = (
        Path(settings.database_url.removeprefix(_SQLITE)).is_file() if in_a_file else settings.dir.is_dir()
    )
    if not in_use:
        raise WrongUsage(
            f"There is no data at {settings.dir}. Name the folder with --dir, or begin there with "
            "`testamur keys create FILE`, which registers an institution."
        )
    return settings


def named_folder(folder: Path | None) -> Path | None:
    """Give the data folder that the command line or the environment names, if any does."""
    of_environment = os.environ.get("TESTAMUR_DIR", "").strip()
    return folder or _folder_of_the_group() or (Path(of_environment) if of_environment else None)


def _folder_of_the_group() -> Path | None:
    """Give what stood before the subcommand: `testamur --dir D revoke ...`."""
    context = click.get_current_context(silent=True)
    folder = context.find_root().params.get("data_dir") if context else None
    return folder if isinstance(folder, Path) else None
