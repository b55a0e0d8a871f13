"""`testamur worker`: signs what the web process may not, renews status lists, sends mails."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import click

from app.clock import utc_now
from app.commands.options import data_folder, read_settings
from app.recognition_rounds import RecognitionRounds
from app.signing import mail_sender, open_signing_office
from app.trust_rounds import TrustRounds
from app.worker import run_worker


@click.command()
@data_folder
def worker(folder: Path | None) -> None:
    """Sign what waits, renew status lists and the trust list before they run out, read the trust lists of
    others, send mails; one worker for a data folder.

    Needs the passphrase file of the key store (TESTAMUR_PASSPHRASE_FILE). Ends with Ctrl-C or SIGTERM, after
    the rows that it is issuing.
    """
    settings = read_settings(folder)
    issuer = open_signing_office(settings)
    click.echo(f"At work in {settings.dir}; stop with Ctrl-C.", err=True)
    rounds = TrustRounds(settings, issuer, clock=utc_now)
    recognition = RecognitionRounds(settings, issuer, clock=utc_now)
    beside = _together(rounds.beside(), recognition.beside())
    run_worker(data_dir=settings.dir, issuer=issuer, send=mail_sender(settings), beside=beside)


@contextmanager
def _together(*rounds: AbstractContextManager[None]) -> Iterator[None]:
    with ExitStack() as stack:
        for one in rounds:
            stack.enter_context(one)
        yield
