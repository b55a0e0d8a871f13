"""The README says what is so: its commands, files, settings and pictures are there."""

import re
import shlex
from pathlib import Path

import click
from PIL import Image

from app import cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
LARGEST_PICTURE = 150_000  # bytes
# What a reader makes: these are not in the repository.
MADE = re.compile(r"(var|data)/|\.venv$|institution\.yaml$|definition\.yaml$|class\.csv$|trust\.txt$")


def _commands(name: str) -> list[list[str]]:
    """Give the words that follow a command in the README's blocks, without remarks."""
    lines = [
        line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()
    ]
    split = [shlex.split(line, comments=True) for line in lines]
    return [words[1:] for words in split if words and words[0].rpartition("/")[2] == name]


def test_the_two_commands_stand_there():
    assert ["demo"] in _commands("make")
    assert ["test"] in _commands("make")


def test_continuous_integration_runs_the_test_command_of_the_readme():
    script = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line.strip()]
    assert script[-1] == "make test"


def test_every_make_target_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {words[0] for words in _commands("make")} | set(re.findall(r"`make ([a-z-]+)", README))
    assert named <= targets


def test_every_command_and_option_exists():
    context = click.Context(cli.testamur)
    for words in _commands("testamur"):
        assert words[0] in cli.COMMANDS
        command = cli.testamur.get_command(context, words[0])
        if isinstance(command, click.Group):
            command = command.get_command(context, words[1])
        assert command is not None, words
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, words


def test_every_setting_is_documented():
    documented = (ROOT / "docs/configuration.md").read_text()
    settings = set(re.findall(r"TESTAMUR_[A-Z_]+", README)) - {"TESTAMUR_REFERENCE"}
    assert {name for name in settings if f"`{name}`" not in documented} == set()


def test_every_file_is_there():
    linked = re.findall(r"\]\(([^)#]+)\)", README)
    named = re.findall(
        r"`([A-Za-z.][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]*)+|[a-z]+\.(?:yaml|csv|txt|md))`", README
    )
    wanted = {path for path in [*linked, *named] if "://" not in path and not MADE.search(path)}
    assert wanted
    assert {path for path in wanted if not (ROOT / path).exists()} == set()


def test_the_pictures_are_small_and_have_words():
    pictures = re.findall(r"!\[([^]]*)\]\(([^)]+)\)", README)
    assert len(pictures) >= 2
    for words, path in pictures:
        assert len(words) > 20
        assert (ROOT / path).stat().st_size <= LARGEST_PICTURE
        with Image.open(ROOT / path) as picture:
            assert picture.format == "PNG"
