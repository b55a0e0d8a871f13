"""Verify one credential, ours or anyone's.

What verification means, in the order in which it is done; each number stands again beside its code:

 1. kind: the kind of file is known by its first bytes.
 2. container: the file holds exactly one credential.
 3. parse: its text is strict JSON, within limits of size, depth and count.
 4. shape: it is a badge (or an endorsement) with issuer, subject and achievement, each of its right type.
 5. schema: it follows the published JSON Schema, from a pinned copy.
 6. context: its `@context` is on the exact allow-list, and no keyword hides text.
 7. canonical: in safe mode every term has a meaning and every identifier is absolute, within a budget of
    work.
 8. issuer_key: the key that signed is the issuer's own.
 9. signature: the signature of that key fits the document.
10. dates: it is in force at this moment.
11. status: the issuer has neither revoked nor suspended it, by a list that passes the same rules.
12. refresh: the issuer was asked for a newer version of it; a proven one is judged in its place.
13. endorsements: each endorsement inside it passes the same rules.
14. profile: a micro-credential says all that the European approach requires.
15. recipient: it was issued to the person the viewer names.
16. trust: its issuer is on the trust list.

A learner record or a presentation is unfolded: each credential inside goes the same way by itself, and the
verdict is the gravest of all (`verifier.unfolding`).

Steps 1 to 7 may only refuse. `verifier.verdict.decide` works out the verdict; 14 to 16 never change it.

    verifier = Verifier(fetcher=Fetcher(), clock=lambda: datetime.now(UTC), trust=["did:web:example.edu"])
    report = verifier.verify(Path("badge.json").read_bytes())
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from verifier.containers import ContainerKind
from verifier.errors import VerifierError
from verifier.examination import Examination, Examined
from verifier.issuer_keys import IssuerKeys, KeySource
from verifier.learned import own_contexts
from verifier.memory import Memory
from verifier.policy import DEFAULT, Policy
from verifier.reading import Reading, read
from verifier.refresh import follow_refresh, refresh_endorsements
from verifier.report import Check, VerificationReport, failed, unknown
from verifier.reporting import Reporting
from verifier.sources import Fetches, Local, Sources, Unreadable
from verifier.status import StatusCheck
from verifier.trust import Trusted, trust_list
from verifier.unfolding import Unfolding, credentials_within
from verifier.work import Work

# the last for services that give a credential no type of its own, or text/plain (V#42, V#45)
_ANY = (
    "application/vc, application/ld+json, application/json, application/vc+jwt, application/jwt, "
    "image/png, image/svg+xml, application/pdf, text/plain, */*;q=0.1"
)


class Verifier:
    """Answer one question about any credential. Safe to use from several threads if `memory` is.

    `fetcher` reads the outside world; None reads nothing. `clock` gives an aware datetime. `trust` is an
    iterable of issuer ids or TrustEntry, or a TrustList. `memory` keeps lists and key documents between
    verifications. `local` answers this deployment's own addresses from stored bytes. `keys` is asked first
    for the key of (issuer id, verification method). `contexts` maps digests (multibase, sha2-256) to the
    contexts accepted under any address. Raises VerifierError only for wrong use: a clock without a zone,
    data that is not bytes, a kind of file that is not known.
    """

    def __init__(
        self,
        *,
        fetcher: Fetches | None,
        clock: Callable[[], datetime],
        trust: Trusted = (),
        policy: Policy = DEFAULT,
        memory: Memory | None = None,
        local: Local | None = None,
        keys: KeySource | None = None,
        contexts: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._trust = trust_list(trust)
        self._policy = policy
        self._memory = memory
        self._local = local
        self._given_keys = keys
        self._contexts = own_contexts() if contexts is None else contexts

    def verify(
        self, data: bytes, *, kind: str | None = None, recipient: str | None = None
    ) -> VerificationReport:
        """Verify the credential in a file; `kind` is given where it is known, `recipient` where it is asked
        for.

        Never raises for a bad file.
        """
        if not isinstance(data, bytes | bytearray | memoryview):
            raise VerifierError("not_bytes", "Give the file to verify as bytes.")
        if kind is not None and kind not in set(ContainerKind):
            known = ", ".join(ContainerKind)
            raise VerifierError(
                "unknown_kind", f"{kind!r} is no kind of file known here; known are: {known}."
            )
        if recipient is not None and not isinstance(recipient, str):
            raise VerifierError("not_text", "Give the recipient as text.")
        work = Work(seconds=self._policy.cpu_seconds)
        reading = read(bytes(data), kind, isolate=self._policy.isolate)  # 1, 2, 3
        return self._report(reading, recipient, self._sources(work), work)

    def verify_url(self, url: str, *, recipient: str | None = None) -> VerificationReport:
        """Verify the credential at an address that a person typed; one that may not be fetched is refused."""
        work = Work(seconds=self._policy.cpu_seconds)
        sources = self._sources(work)
        try:
            source = sources.read(url, accept=_ANY)
        except Unreadable as silence:
            return self._report(Reading((_unread_address(silence),)), recipient, sources, work)
        reading = read(source.body, None, isolate=self._policy.isolate)
        return self._report(reading, recipient, sources, work)

    def _sources(self, work: Work) -> Sources:
        most = self._policy.max_fetches
        return Sources(fetcher=self._fetcher, local=self._local, max_fetches=most, work=work)

    def _report(
        self, reading: Reading, recipient: str | None, sources: Sources, work: Work
    ) -> VerificationReport:
        examination = self._examination(sources, self._now(), work)
        reporting = Reporting(examination=examination, trust=self._trust, recipient=recipient)

        def examine(newer: Reading, *, embedded: bool = False) -> Examined:
            return examination.examine(newer.document, jws=newer.jws, embedded=embedded)

        def refresh(examined: Examined) -> Examined:  # 12
            newest = follow_refresh(examined, sources=sources, examine=examine, policy=self._policy)
            if credentials_within(newest.proven and newest.proven.document) is not None:
                return newest  # those inside need the fetches that are left
            endorsement = partial(examine, embedded=True)
            return refresh_endorsements(newest, sources=sources, examine=endorsement, policy=self._policy)

        unfolding = Unfolding(reporting=reporting, left=self._policy.max_within)
        return unfolding.report(reading, refresh=refresh)

    def _examination(self, sources: Sources, now: datetime, work: Work) -> Examination:
        keys = IssuerKeys(
            sources=sources, trust=self._trust, memory=self._memory, given=self._given_keys, now=now
        )
        status = StatusCheck(sources=sources, keys=keys, memory=self._memory, now=now, policy=self._policy)
        return Examination(
            keys=keys, status=status, policy=self._policy, accepted_contexts=self._contexts, work=work
        )

    def _now(self) -> datetime:
        now = self._clock()
        if now.tzinfo is None:
            raise VerifierError("naive_clock", "The clock of a verifier must give a time with a zone.")
        return now


def _unread_address(silence: Unreadable) -> Check:
    if silence.code == "unreachable":
        return unknown("kind", "address_no_answer", host=silence.host)
    if silence.code == "too_large":
        return failed("kind", "limit_size")
    return failed("kind", "limit_address", host=silence.host)
