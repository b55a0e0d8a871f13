"""docs/commands.md shows the help of every command as the program prints it."""

import re
from pathlib import Path

import click
import pytest

from app import cli

DOCS = Path(__file__).parents[2] / "docs" / "commands.md"


def helps():
    """Give the help of every command by its full name, 80 columns wide."""
    settings = cli.testamur.context_settings | {"terminal_width": 80}
    top = click.Context(cli.testamur, info_name="testamur", **settings)
    found = {"testamur": cli.testamur.get_help(top)}
    for name in cli.COMMANDS:
        found |= _helps(cli.testamur.get_command(top, name), top)
    return found


def _helps(command, parent):
    context = click.Context(command, info_name=command.name, parent=parent, terminal_width=80)
    found = {context.command_path: command.get_help(context)}
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found |= _helps(command.get_command(context, name), context)
    return found


def shown():
    """Give what the document shows, by full name."""
    blocks = re.findall(r"```text\n\$ (testamur[a-z -]*?) --help\n(.*?)\n```", DOCS.read_text("utf-8"), re.S)
    return dict(blocks)


@pytest.mark.parametrize("name", helps())
def test_the_help_in_the_documentation_is_the_programs(name):
    assert shown().get(name) == helps()[name]


def test_the_documentation_shows_no_other_command():
    assert set(shown()) == set(helps())
