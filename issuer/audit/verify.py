"""Check the chains of the audit: any entry that was removed, added, moved or edited is named."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from issuer.audit.entries import AuditEntry, entries_of
from issuer.audit.record import FIRST, SEAL_PURPOSE, entry_hash, seal
from issuer.audit_tables import AuditEntryRow, AuditHead
from issuer.deployment import Deployment
from issuer.office_secret import OfficeSecret

MOST_FAULTS = 20  # of one chain: what follows a broken link is broken too


@dataclass(frozen=True)
class Fault:
    """What is wrong with a chain, at which number; 0 for the chain as a whole."""

    number: int
    code: str
    message: str


@dataclass(frozen=True)
class ChainReport:
    """What became of checking a chain; `end` is the hash of its last entry."""

    chain: str
    entries: int
    end: str
    faults: tuple[Fault, ...] = ()

    @property
    def intact(self) -> bool:
        """Tell whether nothing was found."""
        return not self.faults


@dataclass(frozen=True)
class Anchor:
    """How far a chain had come at some time, kept outside the database."""

    number: int
    hash: str


@dataclass
class _Walk:
    """The state of checking one chain."""

    key: bytes | None
    anchor: Anchor | None
    number: int = 0
    end: str = FIRST
    anchored: bool = False
    faults: list[Fault] = field(default_factory=list)

    def take(self, entry: AuditEntry) -> None:
        if entry.number != self.number + 1:
            self.fault(
                self.number + 1, "removed", f"Entries {self.number + 1} to {entry.number - 1} are missing."
            )
        elif entry.previous != self.end:
            self.fault(entry.number, "broken", f"Entry {entry.number} does not follow the one before it.")
        if entry_hash(_row(entry)) != entry.hash:
            self.fault(entry.number, "edited", f"Entry {entry.number} was changed after it was written.")
        elif self.key is not None and seal(self.key, entry.hash) != entry.seal:
            self.fault(entry.number, "forged", f"Entry {entry.number} was not written by this office.")
        if self.anchor is not None and entry.number == self.anchor.number:
            self.anchored = entry.hash == self.anchor.hash
        self.number, self.end = entry.number, entry.hash

    def fault(self, number: int, code: str, message: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(number, code, message))

    def finish(self, head: AuditHead | None) -> None:
        """Compare the end with the head, which tells when the last entries are gone, and with the anchor."""
        if head is None:
            self.fault(0, "no_head", "The end of the chain is not known: its head was removed.")
        elif (head.number, head.hash) != (self.number, self.end):
            self.fault(
                self.number + 1,
                "cut",
                f"The chain should end with entry {head.number}; it ends with {self.number}.",
            )
        elif self.key is not None and seal(self.key, f"{head.number} {head.hash}") != head.seal:
            self.fault(head.number, "forged", "The end of the chain was not written by this office.")
        if self.anchor is not None and not self.anchored:
            self.fault(
                self.anchor.number,
                "not_as_anchored",
                f"Entry {self.anchor.number} is not the one that was noted outside the database.",
            )


def verify_audit(
    deployment: Deployment, *, anchors: Mapping[str, Anchor] | None = None
) -> Iterator[ChainReport]:
    """Check every chain that there is, or that an anchor tells of; with the office secret, seals too."""
    anchors = anchors or {}
    with deployment.reading() as session:
        chains = {*session.exec(select(AuditHead.chain)), *anchors}
        chains |= set(session.exec(select(AuditEntryRow.chain).distinct()))
        for chain in sorted(chains):
            yield _verify_chain(session, chain, _key(deployment.secret), anchors.get(chain))


def verify_export(entries: Iterable[AuditEntry]) -> list[ChainReport]:
    """Check the entries of an export by themselves: links and hashes, for seals need the office secret."""
    walks: dict[str, _Walk] = {}
    for entry in entries:
        walks.setdefault(entry.chain, _Walk(None, None)).take(entry)
    return [ChainReport(chain, walk.number, walk.end, tuple(walk.faults)) for chain, walk in walks.items()]


def anchors_now(deployment: Deployment) -> dict[str, Anchor]:
    """Give how far each chain has come, for keeping outside the database."""
    with deployment.reading() as session:
        heads = session.exec(select(AuditHead).order_by(col(AuditHead.chain)))
        return {head.chain: Anchor(head.number, head.hash) for head in heads}


def _verify_chain(session: Session, chain: str, key: bytes | None, anchor: Anchor | None) -> ChainReport:
    walk = _Walk(key, anchor)
    for entry in entries_of(session, chain):
        walk.take(entry)
    walk.finish(session.exec(select(AuditHead).where(AuditHead.chain == chain)).first())
    return ChainReport(chain, walk.number, walk.end, tuple(walk.faults))


def _key(secret: OfficeSecret | None) -> bytes | None:
    return secret.key(SEAL_PURPOSE) if secret else None


def _row(entry: AuditEntry) -> AuditEntryRow:
    """Give the entry as the row whose hash was taken."""
    values = {name: getattr(entry, name) for name in AuditEntry.__dataclass_fields__ if name != "at"}
    return AuditEntryRow(**values, at=entry.time)
