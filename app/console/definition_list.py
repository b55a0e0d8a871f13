"""The list of an institution's micro-credentials: drafts and published versions in one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from app.console.listing import Listing, asked_listing
from app.dates import time_of_day
from app.words import gettext as _
from app.words import page_language
from issuer.deployment import Deployment
from issuer.drafts.catalogue import PublishedVersion, faculties, published_versions
from issuer.drafts.drafts import list_drafts
from issuer.drafts.records import Draft, DraftState
from issuer.staff.actor import Actor
from issuer.staff.roles import Act
from issuer.staff.within import may_within

SORTS = ("title", "code", "version", "faculty", "state", "when")
STATES = ("draft", "review", "approved", "published", "replaced", "retired", "withdrawn")


@dataclass(frozen=True)
class StateWords:
    """A state as pages show it: class, mark and word."""

    css_class: str
    mark: str
    word: str


@dataclass(frozen=True)
class Line:
    """One line of the table; `yours` says what it waits for from this reader."""

    href: str
    title: str
    language: str | None
    code: str
    version: str
    faculty: str
    state: str
    shown: StateWords
    when: datetime
    when_words: str
    who: str
    yours: str = ""


def state_words(state: str) -> StateWords:
    """Say a state of a draft or a version."""
    return {
        "draft": StateWords("is-past", "dash", _("Draft")),
        "review": StateWords("is-open", "time", _("In review")),
        "approved": StateWords("is-open", "tick", _("Approved")),
        "published": StateWords("is-good", "good", _("Published")),
        "replaced": StateWords("is-past", "time", _("Replaced by a later version")),
        "retired": StateWords("is-past", "revoked", _("Retired")),
        "withdrawn": StateWords("is-past", "revoked", _("Withdrawn")),
    }[state]


def asked_definitions() -> Listing:
    """Read the list from the address."""
    return asked_listing(sorts=SORTS, filters={"state": STATES}, default="-when")


def lines(desk: Deployment, listing: Listing, *, base: str, zone: tzinfo) -> list[Line]:
    """Give every line of the list that fits, in its order; what is withdrawn only where it is asked for."""
    names = faculties(desk)
    found = [
        *(_of_draft(draft, names, base, zone, desk.actor) for draft in _open_first(list_drafts(desk))),
        *(_of_version(each, names, base, zone) for each in published_versions(desk)),
    ]
    wanted = listing.filters.get("state")
    asked = listing.query.casefold()
    kept = [
        line
        for line in found
        if (line.state == wanted if wanted else line.state not in ("withdrawn", "replaced", "retired"))
        and asked in f"{line.title} {line.code} {line.version} {line.faculty}".casefold()
    ]
    return sorted(kept, key=lambda line: _key(line, listing.sort), reverse=listing.descending)


def page_of(found: Sequence[Line], listing: Listing) -> tuple[list[Line], Listing]:
    """Give the lines of the page that is asked, and the list with its numbers."""
    counted = listing.counted(len(found))
    return list(found[counted.offset : counted.offset + counted.per_page]), counted


def rows_of(found: Sequence[Line]) -> list[list[str]]:
    """Give the lines as rows of a file, with their heads."""
    heads = [_("Title"), _("Code"), _("Version"), _("Faculty"), _("State"), _("Last change"), _("By")]
    return [
        heads,
        *(
            [
                line.title,
                line.code,
                line.version,
                line.faculty,
                line.shown.word,
                line.when.isoformat(),
                line.who,
            ]
            for line in found
        ),
    ]


def _open_first(drafts: list[Draft]) -> list[Draft]:
    """A published draft is shown as its version."""
    return [draft for draft in drafts if draft.state is not DraftState.PUBLISHED]


def _of_draft(draft: Draft, names: Mapping[int, str], base: str, zone: tzinfo, actor: Actor) -> Line:
    reviews = may_within(actor, Act.REVIEW_DEFINITIONS, draft.faculty_id)
    back = draft.state is DraftState.DRAFT and draft.note and draft.sent_by == actor.ref
    return Line(
        href=f"{base}/drafts/{draft.public_id}",
        title=draft.title or _("Without a title"),
        language=None,
        code=draft.code,
        version=draft.version,
        faculty=names.get(draft.faculty_id or 0, ""),
        state=draft.state.value,
        shown=state_words(draft.state.value),
        when=draft.saved,
        when_words=time_of_day(draft.saved, zone),
        who=draft.name(draft.saved_by),
        yours=_("Sent back to you") if back else _waits(draft) if reviews else "",
    )


def _waits(draft: Draft) -> str:
    """Say for what a draft waits of a reviewer."""
    return {
        DraftState.REVIEW: _("Waits for a review"),
        DraftState.APPROVED: _("Waits to be published"),
    }.get(draft.state, "")


def _of_version(each: PublishedVersion, names: Mapping[int, str], base: str, zone: tzinfo) -> Line:
    version = each.version
    titles: Mapping[str, str] = version.achievement.get("title", {})
    page = page_language()
    tag = next((tag for tag in (page, "en", *titles) if tag in titles), "en")
    state = each.state.value
    changed = each.retired or version.created
    return Line(
        href=f"{base}/versions/{version.public_id}",
        title=titles.get(tag, version.code),
        language=tag if tag != page else None,
        code=version.code,
        version=version.version,
        faculty=names.get(each.faculty_id or 0, ""),
        state=state,
        shown=state_words(state),
        when=changed,
        when_words=time_of_day(changed, zone),
        who="",
    )


def _key(line: Line, sort: str) -> tuple[object, ...]:
    values: dict[str, object] = {
        "title": line.title.casefold(),
        "code": line.code.casefold(),
        "version": line.version.casefold(),
        "faculty": line.faculty.casefold(),
        "state": STATES.index(line.state),
    }
    return (values.get(sort, line.when), line.when, line.href) if sort in values else (line.when, line.href)
