"""All pages for staff: the console, the ways in, and the consortium."""

from flask import Blueprint, Flask, request

from app.console.access import refuse_unguarded
from app.console.account import account_pages
from app.console.account_second_factor import second_factor_pages
from app.console.audit import audit_pages
from app.console.batch_pages import batch_pages
from app.console.consortium import consortium_pages
from app.console.credential_pages import credential_pages
from app.console.definition_drafts import draft_pages
from app.console.definitions import definition_pages
from app.console.faculties import faculty_pages
from app.console.head import add_head
from app.console.institution import institution_pages
from app.console.mail_pages import mail_pages
from app.console.mail_texts import mail_text_pages
from app.console.office import Console
from app.console.people import people_pages
from app.console.recognition import recognition_pages
from app.console.reports import report_pages
from app.console.sign_in import sign_in_pages
from app.console.sign_in_links import link_pages
from app.console.today import today_pages
from app.console.tokens import token_pages
from app.limits import Limits

MOST_FIELDS = 3_000  # of a form for staff: a definition in five languages has about a thousand


# Pages that cost a second of a processor or megabytes: one person must not wear the service out with them.
_HEAVY = (
    "staff_batches.sample",
    "staff_batches.take_in",
    "staff_batches.replace",
    "staff_drafts.certificate",
    "staff_drafts.badge",
    "staff_definitions.imported",
    "staff_institution.settings",
    "staff_recognition.decide",
    "staff_audit.check",
    "staff_audit.exported",
)
_LISTS = (  # which are files too
    "staff_batches.listed",
    "staff_batches.report",
    "staff_batches.left_out",
    "staff_credentials.listed",
    "staff_definitions.listed",
    "staff_mail.listed",
    "staff_people.listed",
    "staff_reports.listed",
    "staff_reports.file",
    "staff_reports.of_consortium",
    "staff_reports.file_of_consortium",
    "staff_audit.listed",
)


def add_console(app: Flask, console: Console, limits: Limits) -> None:
    """Add every page for staff to an app; raises RuntimeError if one does not say who may open it."""
    add_head(app)
    for pages in _all_pages(console, limits):
        app.register_blueprint(pages)
    for name in _HEAVY:
        app.view_functions[name] = limits.heavy(app.view_functions[name])
    for name in _LISTS:
        app.view_functions[name] = limits.exports(app.view_functions[name])
    refuse_unguarded(app)


def is_for_staff() -> bool:
    """Tell whether the present request is for a page of the staff."""
    return (request.blueprint or "").startswith("staff_")


def _all_pages(console: Console, limits: Limits) -> list[Blueprint]:
    """List the blueprints; the name of each begins with `staff_`."""
    return [
        sign_in_pages(console, limits),
        link_pages(console, limits),
        second_factor_pages(console, limits),
        account_pages(console, limits),
        today_pages(console),
        batch_pages(console),
        credential_pages(console),
        audit_pages(console),
        mail_pages(console),
        mail_text_pages(console),
        recognition_pages(console),
        report_pages(console),
        faculty_pages(console),
        institution_pages(console),
        people_pages(console),
        consortium_pages(console),
        token_pages(console),
        definition_pages(console),
        draft_pages(console),
    ]
