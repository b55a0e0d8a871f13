"""Batches in words: states of batches, lines and recipients, and the columns of a class list."""

from dataclasses import dataclass

from app.words import gettext as _
from issuer.batching.access import BatchState
from issuer.batching.lines import LineState
from issuer.batching.report import RecipientState
from issuer.class_list_columns import CALLED


@dataclass(frozen=True)
class StateWords:
    """A state as pages show it: class, mark and word."""

    css_class: str
    mark: str
    word: str


def batch_state(state: BatchState) -> StateWords:
    """Say how far a batch has come."""
    return {
        BatchState.DRAFT: StateWords("quiet", "dash", _("Draft")),
        BatchState.APPROVAL: StateWords("is-open", "time", _("Waits for approval")),
        BatchState.OPEN: StateWords("is-open", "time", _("Being issued")),
        BatchState.FINISHED: StateWords("is-good", "tick", _("Issued")),
        BatchState.UNDONE: StateWords("is-bad", "revoked", _("Undone")),
        BatchState.DISCARDED: StateWords("quiet", "dash", _("Discarded")),
    }[state]


def line_state(state: LineState) -> StateWords:
    """Say what becomes of a line."""
    return {
        LineState.LEFT_OUT: StateWords("is-bad", "cross", _("Left out")),
        LineState.CHECK: StateWords("is-open", "warn", _("Check")),
        LineState.READY: StateWords("is-good", "tick", _("Ready")),
        LineState.ALREADY: StateWords("quiet", "dash", _("Skipped")),
    }[state]


def recipient_state(state: RecipientState) -> StateWords:
    """Say how far a recipient's credential has come."""
    return {
        RecipientState.FAILED: StateWords("is-bad", "cross", _("Failed")),
        RecipientState.MAIL_FAILED: StateWords("is-bad", "cross", _("Mail failed")),
        RecipientState.WAITING: StateWords("quiet", "dash", _("Waits")),
        RecipientState.PLANNED: StateWords("quiet", "time", _("Planned")),
        RecipientState.SIGNED: StateWords("is-good", "tick", _("Signed")),
        RecipientState.MAILED: StateWords("is-good", "tick", _("Mailed")),
        RecipientState.OPENED: StateWords("is-good", "tick", _("Opened")),
        RecipientState.DOWNLOADED: StateWords("is-good", "tick", _("Downloaded")),
        RecipientState.SUSPENDED: StateWords("is-bad", "suspended", _("Suspended")),
        RecipientState.REVOKED: StateWords("is-bad", "revoked", _("Revoked")),
        RecipientState.ALREADY: StateWords("quiet", "dash", _("Awarded before")),
        RecipientState.WITHDRAWN: StateWords("quiet", "dash", _("Withdrawn")),
    }[state]


def column_name(column: str) -> str:
    """Name a column of a class list, as a person would."""
    if column in CALLED:
        return _(CALLED[column])
    return _("Result: {key}").format(key=column.removeprefix("result:"))


def done_words(done: str) -> str:
    """Say what was done a moment ago, by the word in the address; empty for one that is not known."""
    return {
        "uploaded": _("The file was read. Nothing has been signed or mailed yet."),
        "mapped": _("The columns are set, and remembered for the next file."),
        "mended": _("The rows were checked again."),
        "sent": _("The list was sent for approval."),
        "returned": _("The list was sent back."),
        "approved": _("The list was approved; the worker signs it."),
        "undone": _("The batch was undone."),
        "discarded": _("The list was discarded, and its rows were forgotten."),
    }.get(done, "")
