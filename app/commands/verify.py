"""`testamur verify`: check files, links or standard input, without a data folder."""

import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import click

from app.commands.asking import fetcher_for
from app.commands.json_lines import json_line, printable
from app.commands.options import clock_of, data_folder
from app.trust_file import MAX_BYTES as LARGEST_TRUST_FILE
from app.trust_file import publisher, read_trust_file
from verifier import Check, IssuerTrust, Outcome, TrustEntry, Verdict, VerificationReport, Verifier
from verifier.errors import TrustListRefused
from verifier.explaining import Explanation, explanation
from verifier.fetch import Fetcher
from verifier.trust import trust_lists

_GOOD = {Verdict.valid}
_OPEN = {Verdict.undetermined, Verdict.unsupported}
_MARKS = {
    Outcome.passed: "+",
    Outcome.failed: "x",
    Outcome.warning: "!",
    Outcome.unknown: "?",
    Outcome.skipped: "-",
}
_READ_AT_MOST = 8 * 1024 * 1024  # the verifier refuses what is larger than 5 MiB, in its own words


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each input, a line each.")
@click.option("--offline", is_flag=True, help="Ask nobody; what needs an answer could then not be checked.")
@click.option("--now", metavar="T", help="Check as if it were this time, for example 2026-06-30T12:00:00Z.")
@click.option(
    "--trust",
    "trust_files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    help="Issuers you know: ids one a line, a JSON list, a registry of known DIDs, a trust list. May be "
    "given several times; the first that has an issuer counts.",
)
@click.option(
    "--trust-key",
    "publishers",
    multiple=True,
    metavar="DID|MULTIKEY",
    callback=lambda _context, _option, given: _publishers(given),
    help="Who signs the trust lists that you believe. May be given several times.",
)
@click.option("--explain", is_flag=True, help="Say of every finding what it means and what to do next.")
@click.option("--recipient", help="Name, e-mail address or number that the holder gave you.")
@data_folder
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
def verify(
    as_json: bool,
    offline: bool,
    now: str | None,
    trust_files: tuple[Path, ...],
    publishers: tuple[str, ...],
    explain: bool,
    recipient: str | None,
    folder: Path | None,
    inputs: tuple[str, ...],
) -> int:
    """Check credentials: files (JSON, PNG, SVG, PDF), https addresses, or - for standard input.

    Needs no data folder. Where TESTAMUR_BASE_URL, or else the data folder, names a loopback address, as the
    demonstration's does, that address may be asked too.

    Exit status: 0 all valid; 1 some not; 2 some could not be checked and none is bad; 64 wrong usage.
    """
    _refuse_missing(inputs)
    fetcher, clock = fetcher_for(folder, offline=offline), clock_of(now)
    verifier = Verifier(
        fetcher=fetcher,
        clock=clock,
        trust=trust_lists(_trusted(path, publishers, fetcher, clock()) for path in trust_files),
    )
    verdicts = set()
    for given in inputs:
        report = _check(verifier, given, recipient)
        verdicts.add(report.verdict)
        said = _as_json if as_json else _as_text
        click.echo(said(given, report, explain=explain))
    return _exit_status(verdicts)


def _exit_status(verdicts: Iterable[Verdict]) -> int:
    left = set(verdicts) - _GOOD
    if not left:
        return 0
    return 2 if left <= _OPEN else 1


def _is_address(given: str) -> bool:
    return given.lower().startswith(("http://", "https://"))


def _refuse_missing(inputs: Iterable[str]) -> None:
    """Refuse a mistyped name before anything is checked, without opening it: a pipe is read only once."""
    for given in inputs:
        if given == "-" or _is_address(given):
            continue
        path = Path(given)
        if not path.exists() or path.is_dir():
            raise click.UsageError(f"{given} is neither a file nor an https address.")
        if not os.access(path, os.R_OK):
            raise click.UsageError(f"{given} cannot be read by this account.")
    if list(inputs).count("-") > 1:
        raise click.UsageError("Standard input (-) can be read only once.")


def _check(verifier: Verifier, given: str, recipient: str | None) -> VerificationReport:
    if _is_address(given):
        return verifier.verify_url(given, recipient=recipient)
    if given == "-":
        return verifier.verify(_read(sys.stdin.buffer), recipient=recipient)
    with Path(given).open("rb") as file:
        return verifier.verify(_read(file), recipient=recipient)


def _read(stream: BinaryIO) -> bytes:
    return stream.read(_READ_AT_MOST)


def _as_json(given: str, report: VerificationReport, *, explain: bool) -> str:
    line: dict[str, Any] = {"input": given, **report.to_json()}
    if explain:
        _explain(line, report)
    return json_line(line)


def _explain(line: dict[str, Any], report: VerificationReport) -> None:
    for told, check in zip(line["checks"], report.checks, strict=True):
        told |= asdict(found) if (found := _explained(check)) else {}
    for told, inner in zip(line.get("within", ()), report.within, strict=True):
        _explain(told, inner)


def _as_text(given: str, report: VerificationReport, *, explain: bool) -> str:
    lines = [f"{given}: {report.verdict.value}, {_whose(report)}"]
    if report.credential and report.issuer_trust is IssuerTrust.unknown:
        lines.append(f"  It names as its issuer: {_shown_id(report.issuer_id or '')}")
    for each in report.checks:
        lines.append(f"  {_MARKS[each.outcome]} {each.id}: {each.message}")
        found = _explained(each) if explain else None
        lines += [f"      {found.meaning}", f"      Next: {found.next_step}"] if found else []
    said = [printable(line) for line in lines]
    for number, inner in enumerate(report.within, 1):
        text = _as_text(f"{given} [{number}]", inner, explain=explain)
        said += [f"    {line}" for line in text.split("\n")]
    return "\n".join(said)


def _explained(check: Check) -> Explanation | None:
    """Give what follows from a finding; nothing for a check that passed or was not made."""
    settled = check.outcome in (Outcome.passed, Outcome.skipped)
    return None if settled else explanation(check.code)


def _whose(report: VerificationReport) -> str:
    """Say whether the reader knows the issuer; an unknown one is never left unsaid."""
    if report.issuer_trust is IssuerTrust.trusted and report.trust_entry is not None:
        entry = report.trust_entry
        return f"issued by {entry.name}" + (f" (on the list “{entry.list_name}”)" if entry.list_name else "")
    return "issuer unknown: not on a trust list" if report.credential else "issuer unknown"


def _shown_id(issuer_id: str) -> str:
    """Show an issuer's id with a host in other letters in its ASCII form, `xn--...` (THREATS W10)."""
    try:
        host = urlsplit(issuer_id).hostname
        return issuer_id if not host else issuer_id.replace(host, host.encode("idna").decode("ascii"), 1)
    except ValueError:  # no address, or a host that has no such form
        return ascii(issuer_id)[1:-1]


def _trusted(
    path: Path, publishers: tuple[str, ...], fetcher: Fetcher, now: datetime
) -> tuple[TrustEntry, ...]:
    """Read a list; one that is not believed is told of, and its issuers stay unknown."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_TRUST_FILE + 1)
        return read_trust_file(data, now=now, publishers=publishers, fetcher=fetcher).entries
    except ValueError as error:
        raise click.UsageError(f"--trust {path}: {error}") from error
    except TrustListRefused as error:
        click.echo(f"--trust {path} is not used: {printable(error.message)}{_ask_for(publishers)}", err=True)
        return ()


def _ask_for(publishers: tuple[str, ...]) -> str:
    return "" if publishers else " Name a publisher whom you believe with --trust-key."


def _publishers(given: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(publisher(each) for each in given)
    except ValueError as error:
        raise click.UsageError(f"--trust-key: {error}") from error
