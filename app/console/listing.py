"""A list of the console as its address tells it: search, filters, order, page; and its export."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn
from urllib.parse import urlencode

from flask import Response, abort, render_template, request

from app.words import gettext as _
from issuer.csv_text import write_csv

PER_PAGE = 50
_LONGEST_QUERY = 200
_PAGE = re.compile(r"[0-9]{1,6}", re.ASCII)  # beyond, no database could skip the rows before it


@dataclass(frozen=True)
class Listing:
    """What a list shows; `total` is set once the rows were counted."""

    path: str
    query: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 1
    filters: Mapping[str, str] = field(default_factory=dict)
    total: int = 0
    per_page: int = PER_PAGE

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * self.per_page

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return min(self.total, self.offset + 1)

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.total, self.offset + self.per_page)

    def counted(self, total: int) -> "Listing":
        """Give the same list once its rows are counted; a page beyond the end becomes the last one."""
        known = replace(self, total=total)
        return replace(known, page=min(self.page, known.pages))

    def sorted_by(self, key: str) -> str:
        """Give the address that sorts by a column, or turns its order round."""
        descending = not self.descending if key == self.sort else False
        return self._address(sort=("-" if descending else "") + key, page="")

    def turned(self, page: int) -> str:
        """Give the address of another page."""
        return self._address(page=str(page))

    def filtered(self, name: str, value: str) -> str:
        """Give the address with a filter set, or taken away by an empty value."""
        return self._address(**{name: value, "page": ""})

    def export(self) -> str:
        """Give the address that downloads all rows of this search as CSV."""
        return self._address(format="csv", page="")

    def kept_filters(self) -> list[tuple[str, str]]:
        """List what a search form keeps: filters and order."""
        order = ("-" if self.descending else "") + self.sort
        return [*self.filters.items(), *([("sort", order)] if self.sort else [])]

    def _address(self, **changes: str) -> str:
        order = ("-" if self.descending else "") + self.sort
        values = {"q": self.query, "sort": order, "page": str(self.page), **self.filters} | changes
        told = {name: value for name, value in values.items() if value and (name, value) != ("page", "1")}
        return f"{self.path}?{urlencode(told)}" if told else self.path


def asked_listing(
    *, sorts: Sequence[str], filters: Mapping[str, Sequence[str]] | None = None, default: str = ""
) -> Listing:
    """Read a list from the address; an order or a page that it does not know is left out.

    `sorts` are the keys that may sort, `filters` the allowed values of each filter, `default` the order
    (`-key` for descending) where none is asked. An unknown value of a filter ends the request with a page
    that says that nothing fits, status 422: left out, it would widen the list, and an act on “all of this
    search” with it.
    """
    asked = request.args.get("sort", default)
    key = asked.removeprefix("-")
    known = key in sorts
    page = request.args.get("page", "1")
    kept = {name: request.args[name] for name in filters or {} if request.args.get(name)}
    for name, values in (filters or {}).items():
        if name in kept and kept[name] not in values:
            _nothing_fits(name, kept[name])
    return Listing(
        path=request.path,
        query=request.args.get("q", "").replace("\0", "").strip()[:_LONGEST_QUERY],
        sort=key if known else default.removeprefix("-"),
        descending=(asked if known else default).startswith("-"),
        page=max(1, int(page)) if _PAGE.fullmatch(page) else 1,
        filters=kept,
    )


def _label(name: str) -> str:
    """Name a filter as its form does, or the head of its column where it is a row of links."""
    return {
        "act": _("Act"),
        "definition": _("Micro-credential"),
        "kind": _("Kind"),
        "mail": _("Mail"),
        "run": _("Run"),
        "show": _("Show"),
        "state": _("State"),
        "status": _("State"),
    }[name]


def _nothing_fits(name: str, value: str) -> NoReturn:
    page = render_template(
        "console/nothing_fits.html",
        name=_label(name),
        value=value[:_LONGEST_QUERY],
        back=request.path.removesuffix("/act"),
        **(request.view_args or {}),
    )
    abort(Response(page, status=422))


def csv_response(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """Answer with rows as a CSV file in which no cell is a formula (THREATS I5)."""
    response = Response(write_csv([tuple(row) for row in rows]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
