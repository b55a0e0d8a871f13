"""What the page of a draft shows: the form with its findings, the meter, and what a script may refresh."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from app.console.definition_choices import Option, language_name, languages
from app.console.definition_findings import Meter, Placed, anchors_of, findings_by_field, hints_of, meter
from app.console.definition_form import Field, Form, FormView, fields_of
from app.console.definition_kinds import says_the_same, tidy
from app.console.definition_list import StateWords, state_words
from app.console.definition_words import finding_words
from app.dates import time_of_day
from app.words import page_language
from issuer.deployment import Deployment
from issuer.drafts.checking import blocks
from issuer.drafts.records import Draft
from issuer.drafts.review import draft_findings
from issuer.drafts.rows import changes
from microcredential import Finding

_TYPED = ("line", "area", "number", "day")


@dataclass(frozen=True)
class Difference:
    """A place at which what was sent differs from what is stored."""

    place: str
    stored: str
    sent: str


@dataclass(frozen=True)
class DraftPage:
    """Everything on the page of a draft that is being written."""

    draft: Draft
    form: FormView
    placed: Placed
    meter: Meter
    ready: bool
    saved: str
    state: StateWords
    more_languages: tuple[Option, ...]

    def words(self, finding: Finding) -> str:
        """Say a finding in the words of the form."""
        return finding_words(finding)

    def anchors(self) -> list[str]:
        """List everything that a finding can stand beside."""
        return anchors_of(self.form)

    def language(self, tag: str) -> str:
        """Name a language in the language of the page."""
        return language_name(tag, page_language())

    def options(self, field: Field) -> dict[str, list[Option]]:
        """Give what a field offers by its headings, and what is chosen although it is not offered."""
        offered = field.options(page_language()) if field.options else ()
        known = {option.value for option in offered}
        grouped: dict[str, list[Option]] = {}
        for option in offered:
            grouped.setdefault(option.group, []).append(option)
        other = [Option(value, value) for value in field.values if value and value not in known]
        if other:
            grouped.setdefault("", []).extend(other)
        return grouped


def draft_page(
    desk: Deployment, draft: Draft, *, zone: tzinfo, document: Mapping[str, Any] | None = None
) -> DraftPage:
    """Make the page of a draft, or of a document that could not be saved over it."""
    shown = draft.document if document is None else document
    found = draft_findings(desk, shown, faculty_id=draft.faculty_id)
    form = fields_of(shown)
    return DraftPage(
        draft=draft,
        form=form,
        placed=findings_by_field([*found, *hints_of(shown)], form),
        meter=meter(found),
        ready=not blocks(found),
        saved=time_of_day(draft.saved, zone),
        state=state_words(draft.state.value),
        more_languages=tuple(
            option for option in languages(page_language()) if option.value not in form.languages
        ),
    )


def differences(stored: Mapping[str, Any], sent: Mapping[str, Any]) -> list[Difference]:
    """List where what was sent differs from what is stored now."""
    before, after = changes(stored, sent)
    return [
        Difference(place, str(before.get(place, "")), str(after.get(place, "")))
        for place in dict.fromkeys([*before, *after])
    ]


def moved_on(form: Form, view: FormView) -> list[Field]:
    """List the fields whose value became another one than was typed: sums that were calculated."""
    return [
        field
        for field in view.fields()
        if field.kind.widget in _TYPED
        and field.name in form
        and not says_the_same(field.kind, tuple(map(tidy, form.getlist(field.name))), field.values)
    ]
