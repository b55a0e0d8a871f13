"""The `testamur` command; each subcommand stands in `app.commands` and is imported when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import click

from issuer.errors import IssuerError
from keys.errors import KeysError

# Exit status of wrong usage, as BSD's sysexits.h names it (EX_USAGE).
WRONG_USAGE = 64

_COMMANDS = {
    "bench": "app.commands.bench",
    "demo": "app.commands.demo",
    "issue": "app.commands.issue",
    "keys": "app.commands.keys",
    "reinstate": "app.commands.status",
    "revoke": "app.commands.status",
    "serve": "app.commands.serve",
    "suspend": "app.commands.status",
    "verify": "app.commands.verify",
    "worker": "app.commands.worker",
}


class _LazyGroup(click.Group):
    """Import a subcommand when it is called: `testamur verify` needs neither database nor web."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = getattr(importlib.import_module(module), cmd_name)
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--dir",
    "data_dir",
    type=click.Path(path_type=Path),
    help="Data folder; also TESTAMUR_DIR. Default ./var.",
)
def testamur(data_dir: Path | None) -> None:
    """Issue and verify micro-credentials as Open Badges 3.0."""
    if data_dir is not None:
        os.environ["TESTAMUR_DIR"] = str(data_dir.absolute())


def main() -> None:
    """Run the command line; exit with 64 on wrong usage, with a sentence instead of a traceback on faults."""
    try:
        status = testamur.main(standalone_mode=False)
    except click.UsageError as error:
        error.show()
        sys.exit(WRONG_USAGE)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except (IssuerError, KeysError) as error:
        click.echo(f"Error: {error.message}", err=True)
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
