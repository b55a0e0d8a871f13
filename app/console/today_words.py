"""What waits for a person, in words: what is asked, the matter, how long it waits, and where it is done."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from babel.dates import format_date, format_time
from markupsafe import Markup

from app.console.act_words import act_words
from app.console.credential_words import title_in
from app.dates import long_date
from app.phrases import isolated
from app.words import get_locale, ngettext
from app.words import gettext as _
from issuer.audit.entries import AuditEntry
from issuer.today.waiting import Item, Kind

_DAY = 24 * 3600


@dataclass(frozen=True)
class DocketLine:
    """One line of the docket: its word with class and mark, the matter with its link, a remark, the wait."""

    css_class: str
    mark: str
    word: str
    href: str
    matter: Markup
    remark: str
    wait: str


def docket_line(item: Item, base: str, now: datetime, zone: tzinfo) -> DocketLine:
    """Put an item in words; `base` is the path of the institution's console."""
    css_class, mark, word = _word(item.kind)
    return DocketLine(
        css_class=css_class,
        mark=mark,
        word=word,
        href=base + _path(item),
        matter=_MATTERS[item.kind](item),
        remark=_with_others(_remark(item, now, zone), item),
        wait=_wait(item, now, zone),
    )


def title_markup(titles: Mapping[str, str], run: str = "") -> Markup:
    """Write a title in its language, with the run after it."""
    title, language = title_in(titles)
    shown = isolated(title, language)
    return Markup("{}, {}").format(shown, isolated(run)) if run else shown


def ago(since: datetime, now: datetime, zone: tzinfo) -> str:
    """Say since when something waits: hours within a day, then the weekday, then the date."""
    seconds = (now - since).total_seconds()
    if seconds < 3600:
        return _("waits %(num)s min") % {"num": max(1, int(seconds // 60))}
    if seconds < _DAY:
        return _("waits %(num)s h") % {"num": int(seconds // 3600)}
    local = since.astimezone(zone)
    if seconds < 6 * _DAY:
        return _("since %(day)s") % {"day": format_date(local, "EEEE", locale=get_locale())}
    return _("since %(day)s") % {"day": long_date(local)}


def done_words(entry: AuditEntry) -> str:
    """Say what was done; of an act on many certificates at once, how many these were."""
    told = json.loads(entry.after or "{}")
    if entry.act == "batch.undo":
        return ngettext(
            "Took a batch back: %(num)s certificate revoked",
            "Took a batch back: %(num)s certificates revoked",
            int(told.get("revoked", 0)),
        )
    if not entry.subject.startswith("bulk:"):
        return act_words(entry.act)
    number = int(told.get("done", 0))
    return {
        "credential.revoke": ngettext("Revoked %(num)s certificate", "Revoked %(num)s certificates", number),
        "credential.suspend": ngettext(
            "Suspended %(num)s certificate", "Suspended %(num)s certificates", number
        ),
        "credential.reinstate": ngettext("Lifted %(num)s suspension", "Lifted %(num)s suspensions", number),
    }.get(entry.act, act_words(entry.act))


def clock(value: datetime, zone: tzinfo) -> str:
    """Write a time of today: 09:12."""
    return format_time(value.astimezone(zone), "HH:mm", locale=get_locale())


def _word(kind: Kind) -> tuple[str, str, str]:
    return {
        Kind.WORKER: ("is-bad", "warn", _("Worker")),
        Kind.LIST_OLD: ("is-bad", "warn", _("List")),
        Kind.APPROVE: ("is-open", "warn", _("Approve")),
        Kind.MAILS_FAILED: ("is-bad", "cross", _("Mail")),
        Kind.BATCH_BACK: ("is-open", "warn", _("Mend")),
        Kind.DRAFT_BACK: ("is-open", "warn", _("Mend")),
        Kind.REVIEW: ("", "", _("Review")),
        Kind.PUBLISH: ("", "", _("Publish")),
        Kind.BATCH_COLUMNS: ("", "", _("Columns")),
        Kind.BATCH_ERRORS: ("", "", _("Mend")),
        Kind.TOKENS: ("", "", _("Renew")),
        Kind.INVITATIONS: ("", "", _("Remind")),
    }[kind]


def _path(item: Item) -> str:
    return {
        Kind.WORKER: "/batches",
        Kind.LIST_OLD: "/credentials",
        Kind.APPROVE: f"/batches/{item.subject}",
        Kind.MAILS_FAILED: "/mail?state=failed",
        Kind.BATCH_BACK: f"/batches/{item.subject}",
        Kind.DRAFT_BACK: f"/definitions/drafts/{item.subject}",
        Kind.REVIEW: f"/definitions/drafts/{item.subject}",
        Kind.PUBLISH: f"/definitions/drafts/{item.subject}",
        Kind.BATCH_COLUMNS: f"/batches/{item.subject}/columns",
        Kind.BATCH_ERRORS: f"/batches/{item.subject}",
        Kind.TOKENS: "/tokens",
        Kind.INVITATIONS: "/people",
    }[item.kind]


def _certificates(item: Item) -> Markup:
    if not item.count:  # no row of it can be issued yet
        return title_markup(item.titles, item.run)
    count = ngettext("%(num)s certificate", "%(num)s certificates", item.count)
    return Markup("{}, {}").format(count, title_markup(item.titles, item.run))


def _draft(item: Item) -> Markup:
    return Markup("{}, {}").format(
        isolated(item.titles.get("", "")), _("draft %(version)s") % {"version": item.run}
    )


_MATTERS: Mapping[Kind, Callable[[Item], Markup]] = {
    Kind.WORKER: lambda _item: Markup("{}").format(_("What was ordered is not being done")),
    Kind.LIST_OLD: lambda _item: Markup("{}").format(_("The list of withdrawn certificates is not renewed")),
    Kind.APPROVE: _certificates,
    Kind.MAILS_FAILED: lambda item: Markup("{}").format(
        ngettext("%(num)s learner cannot be reached", "%(num)s learners cannot be reached", item.count)
    ),
    Kind.BATCH_BACK: _certificates,
    Kind.DRAFT_BACK: _draft,
    Kind.REVIEW: _draft,
    Kind.PUBLISH: _draft,
    Kind.BATCH_COLUMNS: lambda item: Markup("{}: {}").format(
        _("Say what the columns are"), title_markup(item.titles, item.run)
    ),
    Kind.BATCH_ERRORS: _certificates,
    Kind.TOKENS: lambda item: Markup("{}").format(
        ngettext("%(num)s token of a program ends soon", "%(num)s tokens of programs end soon", item.count)
    ),
    Kind.INVITATIONS: lambda item: Markup("{}").format(
        ngettext(
            "%(num)s person has not answered the invitation",
            "%(num)s people have not answered the invitation",
            item.count,
        )
    ),
}


def _remark(item: Item, now: datetime, zone: tzinfo) -> str:
    if item.kind is Kind.APPROVE:
        return " ".join(filter(None, [_sent(item, now, zone), _rows(item)]))
    if item.kind in (Kind.BATCH_BACK, Kind.DRAFT_BACK):
        return _("It was sent back: “%(note)s”") % {"note": item.note}
    if item.kind in (Kind.REVIEW, Kind.PUBLISH):
        return _("By %(name)s.") % {"name": item.by} if item.by else ""
    if item.kind is Kind.BATCH_ERRORS:
        return _rows(item)
    return {
        Kind.WORKER: _("The worker has not been seen for minutes. Ask whoever keeps the service running."),
        Kind.LIST_OLD: _(
            "It is signed anew each hour. After a day without that, no certificate can be checked any more."
        ),
        Kind.MAILS_FAILED: _(
            "Their addresses were refused for good. The certificates are issued; only the mails are missing."
        ),
        Kind.BATCH_COLUMNS: _("No row can be read before that."),
        Kind.TOKENS: _("A program whose token has ended can no longer reach us. Make a new one in time."),
        Kind.INVITATIONS: _("Invite them again, or ask them whether the mail has come."),
    }[item.kind]


def _sent(item: Item, now: datetime, zone: tzinfo) -> str:
    if not item.by or item.since is None:
        return ""
    local = item.since.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return _("Sent by %(name)s at %(time)s.") % {"name": item.by, "time": clock(item.since, zone)}
    return _("Sent by %(name)s on %(day)s.") % {"name": item.by, "day": long_date(local)}


def _rows(item: Item) -> str:
    left, check = item.numbers.get("left_out", 0), item.numbers.get("check", 0)
    told = [
        ngettext("%(num)s row left out", "%(num)s rows left out", left) if left else "",
        _("%(num)s to look at") % {"num": check} if check else "",
    ]
    said = ", ".join(filter(None, told))
    return f"{said}." if said else ""


def _with_others(remark: str, item: Item) -> str:
    if not item.others:
        return remark
    more = ngettext("%(num)s more like it waits.", "%(num)s more like it wait.", item.others)
    return f"{remark} {more}".strip()


def _wait(item: Item, now: datetime, zone: tzinfo) -> str:
    if item.since is None:
        return ""
    if item.kind is Kind.TOKENS:
        days = max(0, (item.since - now).days)
        return ngettext("%(num)s day left", "%(num)s days left", days)
    return ago(item.since, now, zone)
