"""The catalogue: every published version, searched by people on a page and by programs as JSON."""

import json
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from babel import Locale, UnknownLocaleError
from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from app.headers import open_to_all
from app.pages.achievements import described_achievement
from app.pages.facts import other_titles, title_of, worded, workload_line
from app.pages.office import Services
from app.pages.register_json import page_of_register
from app.pages.result import institution_head
from app.pages.view import Value
from app.phrases import isolated
from app.problems import problem_response
from app.words import gettext as _
from app.words import page_language
from issuer.register.records import Entry, VersionState
from issuer.register.searching import MOST_COUNTED, Choices, Found, Search, choices, search
from microcredential.vocabulary import label

PATH = "/catalogue"
PER_PAGE = 25
MOST_OF_PROGRAMS = 100
_MAX_AGE = 60  # seconds
_NAMES = ("q", "field", "level", "language", "institution", "least", "most", "show", "lang")
_CREDITS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_ISCED = "http://data.europa.eu/snb/isced-f/"
_NOTHING = Found((), 0, more=False)


class _UnreadableError(ValueError):
    """Say which parameter cannot be read."""


@dataclass(frozen=True)
class Line:
    """One line of the catalogue; `state` is class, mark and word, None for what is offered now."""

    path: str
    code: str
    version: str
    title: Value
    others: tuple[Value, ...]
    summary: Value | None
    institution: Markup
    facts: tuple[Value, ...]
    state: tuple[str, str, str] | None


def catalogue_pages(services: Services) -> Blueprint:
    """Make `/catalogue` and `/catalogue.json`; the latter is open to other sites."""
    pages = Blueprint("catalogue", __name__)

    @pages.get(PATH)
    def catalogue() -> tuple[str, int]:
        number = _number("page") or 1
        try:
            asked = replace(_asked(every=_value("show") == "all"), limit=PER_PAGE)
        except _UnreadableError as fault:
            return _page(services, _NOTHING, 1, unreadable=str(fault)), 422
        number = min(number, MOST_COUNTED // PER_PAGE)
        found = _search(services, replace(asked, offset=(number - 1) * PER_PAGE))
        if found.total and not found.entries:  # past the end: the last page
            number = -(-found.total // PER_PAGE)
            found = _search(services, replace(asked, offset=(number - 1) * PER_PAGE))
        return _page(services, found, number), 200

    @pages.get(f"{PATH}.json")
    def register() -> Response:
        try:
            asked = _asked(every=_value("show") != "current")
        except _UnreadableError as fault:
            return open_to_all(problem_response(422, code="bad_value", detail=f"{fault} cannot be read."))
        limit = min(max(1, _number("limit") or PER_PAGE), MOST_OF_PROGRAMS)
        found = _search(services, replace(asked, limit=limit, below=_number("below")))
        told = page_of_register(found, limit=limit, following=_following)
        response = Response(json.dumps(told, ensure_ascii=False), content_type="application/json")
        response.headers["Cache-Control"] = f"public, max-age={_MAX_AGE}"
        response.add_etag()
        response.make_conditional(request)
        return open_to_all(response)

    def _following(below: int) -> str:
        base = services.issuer.deployment.base_url if services.issuer else ""
        kept = {name: _value(name) for name in (*_NAMES, "limit") if _value(name)}
        return f"{base}{PATH}.json?{urlencode({**kept, 'below': below})}"

    return pages


def _search(services: Services, asked: Search) -> Found:
    return search(services.issuer.deployment, asked) if services.issuer is not None else _NOTHING


def _value(name: str) -> str:
    return request.args.get(name, "").replace("\0", "").strip()[:200]


def _number(name: str) -> int | None:
    found = _NUMBER.fullmatch(_value(name))
    return int(found[0]) if found else None


def _asked(*, every: bool) -> Search:
    return Search(
        text=_value("q"),
        field=_value("field"),
        level=_value("level"),
        language=_value("language").lower(),
        institution=_value("institution"),
        least=_credits("least"),
        most=_credits("most"),
        every=every,
    )


def _credits(name: str) -> int | None:
    """Read credits as hundredths; a comma is taken too. Raises _UnreadableError."""
    typed = _value(name)
    if not typed:
        return None
    if not _CREDITS.fullmatch(typed):
        raise _UnreadableError(name)
    return int(Decimal(typed.replace(",", ".")) * 100)


def _page(services: Services, found: Found, number: int, *, unreadable: str = "") -> str:
    kept = {name: _value(name) for name in _NAMES}
    first = (number - 1) * PER_PAGE + 1
    last = first + len(found.entries) - 1
    return render_template(
        "pages/catalogue.html",
        asked=kept,
        unreadable=unreadable,
        offers=_offers(services),
        lines=[_line(each) for each in found.entries],
        total=found.total,
        more=found.more,
        first=first,
        last=last,
        before=_turned(kept, number - 1) if number > 1 else "",
        after=_turned(kept, number + 1) if last < found.total else "",
        json_path=f"{PATH}.json?{urlencode({'show': 'current', **_told(kept)})}",
    )


def _told(kept: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in kept.items() if value}


def _turned(kept: dict[str, str], number: int) -> str:
    return f"{PATH}?{urlencode({**_told(kept), 'page': number})}"


def _offers(services: Services) -> dict[str, list[tuple[str, str]]]:
    """Give what the form offers, as pairs of a value and its words in the page's language."""
    there = choices(services.issuer.deployment) if services.issuer is not None else Choices((), (), ())
    language = page_language()
    names = [(each.slug, institution_head(each).name) for each in services.office.institutions()]
    return {
        "field": _sorted((code, label(_ISCED + code, language)) for code in there.fields),
        "level": [(term, term.replace(":", " ")) for term in there.levels],
        "language": _sorted((tag, _language_name(tag, language)) for tag in there.languages),
        "institution": _sorted(names),
    }


def _sorted(pairs: Any) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1].casefold())


def _language_name(tag: str, language: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name(language) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def _line(entry: Entry) -> Line:
    said = described_achievement(entry.version)
    head = institution_head(entry.version.institution)
    facts = [Value(workload_line(said))] if workload_line(said) else []
    for level in said.levels:
        facts += [worded(level.text), *([worded(level.basis_text, small=True)] if level.basis_text else [])]
    if said.language_of_instruction:
        taught = _language_name(said.language_of_instruction, page_language())
        facts.append(Value(_("Taught in {language}").format(language=taught)))
    return Line(
        path=f"/achievements/{entry.version.public_id}",
        code=entry.version.code,
        version=entry.version.version,
        title=title_of(said) or Value(entry.version.code),
        others=other_titles(said),
        summary=worded(said.summary) if said.summary else None,
        institution=isolated(head.name, head.language),
        facts=tuple(facts),
        state=version_state(entry.state),
    )


def version_state(state: VersionState) -> tuple[str, str, str] | None:
    """Say how a version stands as class, mark and word; None for one that is offered now."""
    return {
        VersionState.REPLACED: ("is-past", "time", _("Replaced by a later version")),
        VersionState.RETIRED: ("is-past", "revoked", _("Retired: no longer awarded")),
    }.get(state)
