"""The trust lists of others: the worker reads them, the web process uses the copies that it kept.

Each list has one file in the data folder, with the last copy that was believed and what came of the last
look. A copy is used until the list's own end, whatever becomes of its address; after that its institutions
are unknown again. The copy is also what an older list is told by.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.trust_file import TrustFile, read_trust_file
from ob3 import Ob3Error
from ob3.trust_list import MAX_BYTES, InstitutionList, is_trust_list, parse_list, read_trust_list
from verifier.errors import FetchFailed, FetchRefused, TrustListRefused
from verifier.sources import Fetches
from verifier.trust import TrustEntry, TrustList, trust_list
from verifier.trust_loading import entries_of, load_trust_list

FOLDER = "trust-lists"
EVERY = timedelta(hours=1)
AGAIN = timedelta(minutes=10)  # after a look that failed
_ACCEPT = "application/json"
_FAULTS = (FetchFailed, FetchRefused, TrustListRefused)


@dataclass(frozen=True)
class Standing:
    """Where one list stands. `fault` is why the last look failed, empty if it did not; `in_use` tells whether
    a copy counts at this moment. `listing` is None for lists of other forms and where nothing was read."""

    source: str
    checked: datetime | None = None
    code: str = ""
    fault: str = ""
    in_use: bool = False
    entries: int = 0
    listing: InstitutionList | None = None


@dataclass(frozen=True)
class _Kept:
    """What a file in the data folder holds: the last look, and the text that was believed last."""

    source: str
    checked: datetime
    code: str = ""
    fault: str = ""
    text: str = ""
    vouched_by: str | None = None
    modified: int = 0

    def is_due(self, now: datetime, modified: int) -> bool:
        age = now - self.checked
        return not timedelta() <= age < (AGAIN if self.code else EVERY) or modified != self.modified


@dataclass(frozen=True)
class _Copy:
    """A kept text, read."""

    found: TrustList
    entries: tuple[TrustEntry, ...]
    listing: InstitutionList | None
    vouched_by: str | None


class TrustLists:
    """The lists that the settings name, in their order; `publishers` are those whose signature counts."""

    def __init__(self, data_folder: Path, sources: Sequence[str], publishers: Sequence[str]) -> None:
        self._folder = data_folder / FOLDER
        self._sources = tuple(sources)
        self._publishers = tuple(publishers)
        self._read: dict[Path, tuple[tuple[int, int], _Copy | None]] = {}

    def refresh(self, *, fetcher: Fetches, now: datetime, only_due: bool = True) -> list[Standing]:
        """Read every list that is due from its address or file; give where those stand. Raises OSError."""
        looked = []
        for source in self._sources:
            kept, modified = self._kept(source), _modified(source)
            if kept is None or not only_due or kept.is_due(now, modified):
                looked.append(source)
                self._write(self._look(source, kept, fetcher, now, modified))
        return [one for one in self.standings(now) if one.source in looked]

    def in_force(self, now: datetime) -> Iterator[TrustList]:
        """Give the lists that count at a moment, in order."""
        for source in self._sources:
            copy = self._copy(source)
            if copy is not None and self._counts(copy, now):
                yield copy.found

    def standings(self, now: datetime) -> list[Standing]:
        """Tell where every list stands."""
        return [self._standing(source, now) for source in self._sources]

    def figures(self, now: datetime) -> dict[str, int]:
        """Count the lists that are used and were read, are used though the last look failed, and are not."""
        standings = self.standings(now)
        stale = sum(1 for one in standings if one.in_use and one.code)
        used = sum(1 for one in standings if one.in_use)
        return {"used": used - stale, "used_stale": stale, "unused": len(standings) - used}

    def _standing(self, source: str, now: datetime) -> Standing:
        kept, copy = self._kept(source), self._copy(source)
        if kept is None:
            return Standing(source, code="not_read", fault="It was not read yet: the worker does that.")
        standing = Standing(source, kept.checked, kept.code, kept.fault)
        if copy is None:
            return standing
        return replace(
            standing, in_use=self._counts(copy, now), entries=len(copy.entries), listing=copy.listing
        )

    def _counts(self, copy: _Copy, now: datetime) -> bool:
        vouched = copy.vouched_by is None or copy.vouched_by in self._publishers
        return vouched and (copy.listing is None or now < copy.listing.valid_until)

    def _look(self, source: str, kept: _Kept | None, fetcher: Fetches, now: datetime, modified: int) -> _Kept:
        """Read a list at its place; what is not believed leaves the copy that was believed before."""
        looked = replace(kept, checked=now, modified=modified) if kept else _Kept(source, now)
        looked = replace(looked, modified=modified)
        before = self._copy(source)
        newest = before.listing if before else None
        try:
            text, vouched_by = _believed(source, self._publishers, fetcher, now, newest)
        except FileNotFoundError:  # the operator took the file away, and their word with it
            return replace(looked, code="list_gone", fault="There is no such file.", text="")
        except (ValueError, OSError) as error:
            return replace(looked, code="list_malformed", fault=str(error))
        except _FAULTS as error:
            return replace(looked, code=error.code, fault=error.message)
        return replace(looked, code="", fault="", text=text, vouched_by=vouched_by)

    def _path(self, source: str) -> Path:
        return self._folder / f"{hashlib.sha256(source.encode()).hexdigest()[:32]}.json"

    def _kept(self, source: str) -> _Kept | None:
        """Read the file of a list; one that cannot be read counts as none."""
        try:
            told = json.loads(self._path(source).read_text(encoding="utf-8"))
            return _Kept(**{**told, "checked": datetime.fromisoformat(told["checked"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _copy(self, source: str) -> _Copy | None:
        """Read the kept text of a list, again only when its file has changed."""
        path = self._path(source)
        try:
            stat = path.stat()
        except OSError:
            return None
        seen = (stat.st_mtime_ns, stat.st_ino)
        if self._read.get(path, (None,))[0] != seen:
            kept = self._kept(source)
            self._read[path] = (seen, _copy_of(kept) if kept and kept.text else None)
        return self._read[path][1]

    def _write(self, kept: _Kept) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._path(kept.source)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        told: dict[str, Any] = {**vars(kept), "checked": kept.checked.isoformat()}
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def is_address(source: str) -> bool:
    """Tell the address of a list from a file."""
    return source.startswith("https://")


def _modified(source: str) -> int:
    with suppress(OSError):
        return 0 if is_address(source) else Path(source).stat().st_mtime_ns
    return 0


def _believed(
    source: str,
    publishers: Sequence[str],
    fetcher: Fetches,
    now: datetime,
    newest: InstitutionList | None,
) -> tuple[str, str | None]:
    """Give the text of a list that is believed, and who vouches for it.

    Raises FetchRefused, FetchFailed, TrustListRefused, ValueError for other faults of the text, OSError.
    """
    if not is_address(source):
        with Path(source).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        found = read_trust_file(data, now=now, publishers=publishers, fetcher=fetcher, newest=newest)
        return data.decode("utf-8-sig"), found.vouched_by
    body = fetcher.get(source, accept=_ACCEPT).body
    try:
        document = parse_list(body)
    except Ob3Error as error:
        raise TrustListRefused("list_malformed", error.message) from error
    if not is_trust_list(document):
        raise TrustListRefused(
            "list_unsigned",
            "What stands at this address is no signed trust list. Save it and name the file: then it is your "
            "own word.",
        )
    loaded = load_trust_list(
        document, publishers=publishers, fetcher=fetcher, now=now, address=source, newest=newest
    )
    return body.decode(), loaded.vouched_by


def _copy_of(kept: _Kept) -> _Copy | None:
    """Read a text that was believed before: its signature is not asked for again, its end is elsewhere."""
    try:
        if not is_trust_list(document := _json(kept.text)):
            return _copy(read_trust_file(kept.text.encode(), now=kept.checked), kept)
        listing = read_trust_list(document)
    except (ValueError, Ob3Error):
        return None
    return _copy(TrustFile(entries_of(listing), listing), kept)


def _json(text: str) -> Any:
    return parse_list(text) if text.lstrip().startswith("{") else None


def _copy(found: TrustFile, kept: _Kept) -> _Copy:
    return _Copy(trust_list(found.entries), found.entries, found.listing, kept.vouched_by)
