"""Issue a batch: plan, lint, sign, verify, store; whatever is interrupted is finished by the next call.

Transaction A stores plans (`issuer.plan`). Each plan is then linted, signed and verified without a
transaction, and transaction B (`issuer.storing`) stores the exact bytes, the key and the state `issued`
together with the mail that is owed. Two workers may do the same plan: ids, times and the form of the proof
stand in it and every form is deterministic (`issuer.sealing`), so both make the same bytes, and only one
finds the row still `planned`.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from issuer.batches import batch_progress, batch_result, finish_batch, open_batches
from issuer.deployment import Deployment
from issuer.errors import IssuerError
from issuer.fulfilling import Desk, Plan
from issuer.institutions import issuer_profile
from issuer.keyring import Keyring
from issuer.links import LinkSecret
from issuer.lint import Lint, VerifierFactory, own_verifier
from issuer.lint_beside import LintBeside, Piece, further_cores
from issuer.plan import plan_rows
from issuer.proof_forms import ProofForm
from issuer.records import BatchResult
from issuer.sealing import institution_seal
from issuer.status_lists import sign_new_lists
from issuer.storing import Refused, Signed, store_signed, take_back
from issuer.tables import Batch, CredentialRow, Institution, StatusEntry, StatusList, stored_id

CHUNK = 100  # rows to a transaction: one fsync for each, and what a crash makes to be done again
MANY = 500  # rows for which it is worth while to begin further processes
_COUNTS = 50  # how often all rows of a batch are counted anew while it is issued, at the most
Progress = Callable[[int, int], None]
# Made once: making a statement anew takes longer than its answer.
_LEFT_BEHIND: Any = (
    select(CredentialRow.id)
    .where(CredentialRow.batch_id == bindparam("of_batch"))
    .where(CredentialRow.state == "planned")
)


@dataclass(frozen=True)
class _List:
    """A status list that a plan points to."""

    key: int
    url: str
    purpose: str


class _Desks:
    """What fulfils plans in each form for the institution of a batch, made once it is needed."""

    def __init__(
        self, deployment: Deployment, keyring: Keyring, factory: VerifierFactory, batch_id: str
    ) -> None:
        self._deployment, self._keyring, self._factory = deployment, keyring, factory
        self._of_batch = (
            select(Institution).where(Institution.id == Batch.institution_id).where(Batch.id == batch_id)
        )
        self._made: dict[ProofForm, LintBeside] = {}

    def __enter__(self) -> "_Desks":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for made in self._made.values():
            made.__exit__(kind, error, trace)

    def of_today(self, *, rows: int) -> None:
        """Make ready for so many rows in the form that the institution has chosen.

        Raises IssuerError if nothing can be signed in it.
        """
        with self._deployment.reading() as session:
            form = ProofForm(session.exec(self._of_batch).one().proof_form)
        is_worth_it = rows >= MANY and self._factory is own_verifier
        self._made[form] = LintBeside(self._desk(form), processes=further_cores() if is_worth_it else 0)

    def begin(self, plans: Sequence[Plan]) -> "_Begun":
        """Let plans be fulfilled; raises IssuerError if there is no key for the form of one."""
        by_form: dict[ProofForm, list[Plan]] = {}
        for plan in plans:
            by_form.setdefault(plan.form, []).append(plan)
        return _Begun([(self._of(form), self._of(form).begin(alike)) for form, alike in by_form.items()])

    def _of(self, form: ProofForm) -> LintBeside:
        if form not in self._made:
            self._made[form] = LintBeside(self._desk(form), processes=0)
        return self._made[form]

    def _desk(self, form: ProofForm) -> Desk:
        with self._deployment.reading() as session:
            institution = session.exec(self._of_batch).one()
            seal = institution_seal(self._deployment, self._keyring, session, institution, form)
        lint = Lint(
            base_url=self._deployment.base_url,
            issuer_id=str(issuer_profile(institution)["id"]),
            method=seal.signer.id,
            country=institution.country,
            verifier_factory=self._factory,
            form=form,
            kid=seal.kid,
        )
        return Desk(seal, lint)


class _Begun:
    """Plans that were begun to be fulfilled, in pieces."""

    def __init__(self, pieces: Sequence[tuple[LintBeside, Sequence[Piece]]] = ()) -> None:
        self._pieces = pieces
        self.ids = {plan.credential_id for _, some in pieces for piece in some for plan in piece.plans}

    def done(self) -> list[Signed | Refused]:
        """Wait for what came of them; raises what fulfilling one of them raised."""
        return [one for beside, pieces in self._pieces for piece in pieces for one in beside.done(piece)]


class Issuing:
    """Issue batches with the keys of this process."""

    def __init__(
        self,
        deployment: Deployment,
        keyring: Keyring,
        links: LinkSecret | None,
        verifier_factory: VerifierFactory = own_verifier,
    ) -> None:
        self._deployment = deployment
        self._keyring = keyring
        self._links = links
        self._verifier_factory = verifier_factory

    def issue_batch(
        self,
        batch_id: str,
        *,
        progress: Progress | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> BatchResult:
        """Issue what a batch still waits for; `progress` is told rows done and rows in all.

        Raises NotFound for an unknown batch, IssuerError if this process cannot sign.
        """
        if self._links is None:
            raise IssuerError("no_links", "This process cannot make holder links: the worker issues.")
        counted = _Counted(self._deployment, batch_id)
        with self._desks(batch_id) as desks:
            if counted.waiting:
                desks.of_today(rows=counted.waiting)
            for begun in self._chunks(batch_id, self._links, desks, counted, should_stop):
                self._fulfil(begun)
                counted.went_on(len(begun.ids))
                if progress is not None:
                    progress(counted.total - counted.waiting, counted.total)
        finish_batch(self._deployment, batch_id)
        return batch_result(self._deployment, batch_id)

    def resume(
        self, *, progress: Progress | None = None, should_stop: Callable[[], bool] = lambda: False
    ) -> list[BatchResult]:
        """Finish every batch that was left behind; one that cannot be finished does not hold up the others.

        Raises the first IssuerError at the end.
        """
        results, refusals = [], []
        for batch_id in open_batches(self._deployment):
            if should_stop():
                break
            try:
                results.append(self.issue_batch(batch_id, progress=progress, should_stop=should_stop))
            except IssuerError as refused:
                refusals.append(refused)
        if refusals:
            raise refusals[0]
        return results

    def _desks(self, batch_id: str) -> _Desks:
        return _Desks(self._deployment, self._keyring, self._verifier_factory, batch_id)

    def _chunks(
        self,
        batch_id: str,
        links: LinkSecret,
        desks: _Desks,
        counted: "_Counted",
        should_stop: Callable[[], bool],
    ) -> Iterator[_Begun]:
        """Give chunk after chunk to be stored; the next one is begun before that, so that nobody is idle."""
        line, begun = 0, _Begun()
        while counted.waiting and not should_stop():
            planned: Sequence[Plan] = ()
            if counted.waiting > len(begun.ids):
                planned = self._planned(batch_id, but=begun.ids)
                if not planned:
                    new = plan_rows(self._deployment, links, batch_id, at_most=CHUNK, after=line)
                    planned, line = new.plans, new.line
            ahead = self._begin(planned, desks)
            if begun.ids or not ahead.ids:
                yield begun
            begun = ahead
        if begun.ids:
            yield begun

    def _begin(self, plans: Sequence[Plan], desks: _Desks) -> _Begun:
        """Sign the lists that plans point to, so that all can be checked, and let them be fulfilled."""
        sign_new_lists(self._deployment, self._keyring, {one for plan in plans for one in plan.list_ids})
        return desks.begin(plans)

    def _planned(self, batch_id: str, *, but: Collection[int] = ()) -> list[Plan]:
        """Read some plans that were left behind in a batch, or that another worker has at hand.

        They are taken at random, so that two workers seldom take the same ones.
        """
        with self._deployment.reading() as session:
            found = session.exec(_LEFT_BEHIND, params={"of_batch": batch_id})
            ids = [key for key in found if key not in but]
            return self._plans(session, self._deployment.random.sample(ids, min(CHUNK, len(ids))))

    def _plans(self, session: Session, chosen: Sequence[int | None]) -> list[Plan]:
        if not chosen:
            return []
        lists = _lists(session, self._deployment, chosen)
        return [
            Plan(
                credential_id=stored_id(row),
                urn=row.urn,
                unsigned=row.unsigned or "{}",
                form=ProofForm(row.proof_form),
                created=row.created,
                valid_from=row.valid_from,
                lists={one.url: one.purpose for one in lists[stored_id(row)]},
                list_ids=tuple(one.key for one in lists[stored_id(row)]),
            )
            for row in session.exec(select(CredentialRow).where(col(CredentialRow.id).in_(chosen)))
        ]

    def _fulfil(self, begun: _Begun) -> None:
        """Store what came of plans."""
        done = begun.done()
        refused = [one for one in done if isinstance(one, Refused)]
        with self._deployment.writing() as session:
            if refused:
                take_back(session, refused)
            store_signed(session, self._deployment, [one for one in done if isinstance(one, Signed)])


class _Counted:
    """How many rows of a batch wait; all are counted now and then, for that takes longer the more there are.

    In between, what was worked on counts as done.
    """

    def __init__(self, deployment: Deployment, batch_id: str) -> None:
        self._deployment, self._batch_id = deployment, batch_id
        self._count()

    def went_on(self, number: int) -> None:
        """Take note of work on so many rows; without any, others may have been at work."""
        self._since += number
        self.waiting -= number
        if not number or self.waiting <= 0 or self._since > self.total // _COUNTS:
            self._count()

    def _count(self) -> None:
        self.waiting, self.total = batch_progress(self._deployment, self._batch_id)
        self._since = 0


def _lists(
    session: Session, deployment: Deployment, credential_ids: Sequence[int | None]
) -> dict[int, list[_List]]:
    """Give the status lists in which each credential has a place."""
    found: dict[int, list[_List]] = {key: [] for key in credential_ids if key is not None}
    places = session.exec(
        select(StatusEntry.credential_id, StatusList.id, StatusList.public_id, StatusList.purpose)
        .where(col(StatusEntry.credential_id).in_(credential_ids))
        .where(StatusEntry.status_list_id == StatusList.id)
    )
    for credential_id, key, public_id, purpose in places:
        found[credential_id].append(_List(key or 0, deployment.status_list_url(public_id), purpose))
    return found
