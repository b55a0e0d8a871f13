"""The `testamur` command; each subcommand stands in `app.commands` and is imported when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from app.commands.faults import REFUSED, WRONG_USAGE, in_words

# Each subcommand, its module in app.commands, and its line in `testamur --help`.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("demo", "Make and serve a fictional consortium of ten universities."),
    "keys": ("keys", "Register institutions, make and replace their keys, list them."),
    "staff": ("staff", "Invite the first administrators, help those who cannot get in."),
    "issue": ("issue", "Issue a credential for every good row of a class list."),
    "revoke": ("status", "Revoke a credential for good."),
    "suspend": ("status", "Suspend a credential whose definition allows it."),
    "reinstate": ("status", "Lift a suspension."),
    "renew": ("status", "Give a credential a new period, signed anew."),
    "verify": ("verify", "Check credentials: files, addresses, standard input."),
    "check": ("check", "Say what a definition or a credential lacks."),
    "derive": ("derive", "Show a part of a credential that was issued for it."),
    "elm": ("elm", "Exchange with the European Learning Model."),
    "serve": ("serve", "Serve the pages."),
    "worker": ("worker", "Sign what the pages may not, renew status lists, send mails."),
    "trust": ("trust", "Publish the list of our institutions, look at lists of others."),
    "audit": ("audit", "Check and export what was done here."),
    "bench": ("bench", "Measure signing, verifying, drawing and issuing on this machine."),
}
_INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it


class _LazyGroup(click.Group):
    """Import a subcommand when it is called: `testamur verify` needs neither database nor web."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"app.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--dir",
    "data_dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Data folder; may stand after the command too. Default: TESTAMUR_DIR, else ./var.",
)
def testamur(data_dir: Path | None) -> None:
    """Issue and verify micro-credentials as Open Badges 3.0.

    Begin with `testamur demo`. Settings come from the environment: docs/configuration.md; what each command
    does: docs/commands.md.
    """


def main() -> None:
    """Run the command line: 64 for wrong usage, a sentence in place of a traceback for every known fault."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without Lao letters is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    try:
        status = testamur.main(prog_name="testamur", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(WRONG_USAGE if isinstance(error, click.UsageError) else error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has seen enough: `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(REFUSED)
    except Exception as error:
        told = in_words(error)
        if told is None:
            raise
        click.echo(f"Error: {told[0]}", err=True)
        sys.exit(told[1])
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
