"""Options that several subcommands have, and what they open."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from app.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def data_folder(command: Command) -> Command:
    """Give a subcommand the option that names its data folder."""
    return click.option(
        "--dir",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        help="Data folder. Default: TESTAMUR_DIR, else ./var.",
    )(command)


def read_settings(folder: Path | None, **overrides: object) -> Settings:
    """Read the settings, with what the command line says in place of the environment's."""
    given = {"dir": folder, **overrides}
    return Settings.from_env(**{name: str(value) for name, value in given.items() if value is not None})
