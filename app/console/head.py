"""The head and the rail of the console's pages: where one is, and what one's roles open."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request

from app.words import gettext as _
from issuer.staff.actor import Actor
from issuer.staff.roles import Act, Role
from issuer.staff.sessions import SignedIn


@dataclass(frozen=True)
class Head:
    """The institution that a page belongs to, and what the reader is there."""

    slug: str
    name: str
    roles: str


@dataclass(frozen=True)
class RailItem:
    """One line of the rail."""

    href: str
    label: str
    current: bool


def role_name(role: Role) -> str:
    """Give a role in the words of the page's language."""
    return {
        Role.AUTHOR: _("author"),
        Role.REVIEWER: _("reviewer"),
        Role.ISSUER: _("issuer"),
        Role.RECOGNITION_OFFICER: _("recognition officer"),
        Role.INSTITUTION_ADMIN: _("administrator"),
        Role.CONSORTIUM_ADMIN: _("administrator of the consortium"),
        Role.AUDITOR: _("auditor"),
    }[role]


def add_head(app: Flask) -> None:
    """Give the templates of the console its head, its rail and the person."""

    @app.context_processor
    def head() -> dict[str, Any]:
        person: SignedIn | None = g.get("signed_in")
        actor: Actor | None = g.get("actor")
        return {
            "console_person": person,
            "console_head": _head(person, actor),
            "console_rail": _rail(actor) if person else [],
        }


def _head(person: SignedIn | None, actor: Actor | None) -> Head | None:
    if person is None or actor is None or actor.slug is None:
        return None
    names = dict(person.institutions)
    roles = dict.fromkeys(role_name(grant.role) for grant in actor.grants)
    return Head(actor.slug, names.get(actor.slug, actor.slug), ", ".join(roles))


def _rail(actor: Actor | None) -> list[RailItem]:
    if actor is None or actor.slug is None:
        return []
    base = f"/console/{actor.slug}"
    items = [
        (None, "", _("Today")),
        (Act.READ_BATCHES, "/batches", _("Batches")),
        (Act.READ_CREDENTIALS, "/credentials", _("Credentials")),
        (Act.READ_DEFINITIONS, "/definitions", _("Micro-credentials")),
        (Act.RECOGNISE, "/recognition", _("Recognition")),
        (Act.READ_MAIL, "/mail", _("Mail")),
        (Act.WRITE_MAIL_TEXTS, "/mail-texts", _("Words of mails")),
        (Act.MANAGE_PEOPLE, "/people", _("People")),
        (Act.MANAGE_TOKENS, "/tokens", _("Programs")),
        (Act.MANAGE_INSTITUTION, "/institution", _("Institution")),
        (Act.READ_REPORTS, "/reports", _("Reports")),
        (Act.READ_AUDIT, "/audit", _("Audit")),
    ]
    return [
        RailItem(base + path, label, _is_current(base + path, exactly=not path))
        for act, path, label in items
        if act is None or actor.may(act)
    ]


def _is_current(path: str, *, exactly: bool) -> bool:
    here = request.path.rstrip("/")
    return here == path or (not exactly and here.startswith(path + "/"))
