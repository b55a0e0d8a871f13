"""`testamur verify`: check files, links or standard input, without a data folder."""

import json
import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from app.trust_file import read_trust_file
from verifier import Outcome, TrustEntry, Verdict, VerificationReport, Verifier
from verifier.fetch import Fetcher

_GOOD = {Verdict.valid}
_OPEN = {Verdict.undetermined, Verdict.unsupported}
_MARKS = {
    Outcome.passed: "+",
    Outcome.failed: "x",
    Outcome.warning: "!",
    Outcome.unknown: "?",
    Outcome.skipped: "-",
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each input, a line each.")
@click.option("--offline", is_flag=True, help="Ask nobody: what needs the network could not be checked.")
@click.option("--now", metavar="T", help="Check as if it were this time (RFC 3339, with zone).")
@click.option(
    "--trust",
    "trust_files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Issuers you know: their ids one a line, or a JSON list. May be given several times.",
)
@click.option("--recipient", help="Name, e-mail address or number that the holder gave you.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
def verify(
    as_json: bool,
    offline: bool,
    now: str | None,
    trust_files: tuple[Path, ...],
    recipient: str | None,
    inputs: tuple[str, ...],
) -> int:
    """Check credentials: files (JSON, PNG, SVG, PDF), https addresses, or - for standard input.

    Exit status: 0 all valid; 1 some not; 2 some could not be checked and none is bad; 64 wrong usage.
    """
    _refuse_missing(inputs)
    verifier = Verifier(
        fetcher=_fetcher(offline=offline),
        clock=_clock(now),
        trust=[entry for path in trust_files for entry in _trusted(path)],
    )
    verdicts = set()
    for given in inputs:
        report = _check(verifier, given, recipient)
        verdicts.add(report.verdict)
        click.echo(_as_json(given, report) if as_json else _as_text(given, report))
    return _exit_status(verdicts)


def _exit_status(verdicts: Iterable[Verdict]) -> int:
    left = set(verdicts) - _GOOD
    if not left:
        return 0
    return 2 if left <= _OPEN else 1


def _is_address(given: str) -> bool:
    return given.lower().startswith(("http://", "https://"))


def _refuse_missing(inputs: Iterable[str]) -> None:
    for given in inputs:
        if given != "-" and not _is_address(given) and not Path(given).is_file():
            raise click.UsageError(f"{given} is neither a file nor an https address.")


def _check(verifier: Verifier, given: str, recipient: str | None) -> VerificationReport:
    if _is_address(given):
        return verifier.verify_url(given, recipient=recipient)
    data = sys.stdin.buffer.read() if given == "-" else Path(given).read_bytes()
    return verifier.verify(data, recipient=recipient)


def _as_json(given: str, report: VerificationReport) -> str:
    line: dict[str, Any] = {"input": given, **report.to_json()}
    return json.dumps(line, ensure_ascii=False)


def _as_text(given: str, report: VerificationReport) -> str:
    lines = [f"{given}: {report.verdict.value}, issuer {report.issuer_trust.value}"]
    lines += [f"  {_MARKS[each.outcome]} {each.id}: {each.message}" for each in report.checks]
    return "\n".join(lines)


def _clock(now: str | None) -> Callable[[], datetime]:
    if now is None:
        return lambda: datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(now)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise click.UsageError("--now wants a time with its zone, for example 2026-06-30T12:00:00Z.")
    fixed = moment
    return lambda: fixed


def _trusted(path: Path) -> list[TrustEntry]:
    try:
        return read_trust_file(path.read_bytes())
    except ValueError as error:
        raise click.UsageError(f"--trust {path}: {error}") from error


def _fetcher(*, offline: bool) -> Fetcher:
    """Make the strict fetcher; a demonstration's own loopback address is the one exception."""
    if offline:
        return Fetcher(resolve=lambda _host: [])  # no name has an address
    base_url = os.environ.get("TESTAMUR_BASE_URL", "").rstrip("/")
    host = urlsplit(base_url).hostname
    return Fetcher(allow_loopback_origin=base_url if host in ("127.0.0.1", "localhost", "::1") else None)
