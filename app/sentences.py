"""Sentences: what a verification report says in one sentence, with its class, its mark and its advice.

The words, the classes and the marks are one table: a whole string for each verdict and each state of the
issuer, so that every language can order it in its own way.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from app.phrases import phrase
from app.words import lazy_gettext as _
from verifier import IssuerTrust, Verdict

KNOWN, UNKNOWN = IssuerTrust.trusted, IssuerTrust.unknown


@dataclass(frozen=True)
class Look:
    """How a verdict stands on the page: class, mark and the word in the page title."""

    css_class: str
    mark: str
    word: object


@dataclass(frozen=True)
class Sentence:
    """What a page says first: the sentence as markup, its look, and one line of advice or none."""

    text: Markup
    look: Look
    advice: Markup | None

    @property
    def plain(self) -> str:
        """Give the sentence without markup."""
        return self.text.striptags()


_UNKNOWN_LOOK = Look("is-open unknown-issuer", "unknown-issuer", _("Issuer not known to us"))
_LOOKS: Mapping[Verdict, Look] = {
    Verdict.valid: Look("is-good", "good", _("Good")),
    Verdict.revoked: Look("is-bad", "revoked", _("Revoked")),
    Verdict.invalid: Look("is-bad", "invalid", _("Not valid")),
    Verdict.refused: Look("is-bad", "invalid", _("Refused")),
    Verdict.suspended: Look("is-bad", "suspended", _("Suspended")),
    Verdict.expired: Look("is-past", "time", _("Expired")),
    Verdict.not_yet_valid: Look("is-past", "time", _("Not yet valid")),
    Verdict.undetermined: Look("is-open", "open", _("Could not be checked")),
    Verdict.unsupported: Look("is-open", "open", _("Could not be checked")),
}
_LOOKS_UNKNOWN = {Verdict.valid, Verdict.expired, Verdict.not_yet_valid}

_TRUSTED: Mapping[Verdict, object] = {
    Verdict.valid: _("This certificate is **good**: {institution} awarded it to {name} on {awarded}."),
    Verdict.expired: _(
        "This certificate **expired** on {until}: {institution} awarded it to {name} on {awarded}, "
        "to be good until that day."
    ),
    Verdict.not_yet_valid: _("This certificate is **not yet valid**: {institution} has dated it {from}."),
    Verdict.revoked: _("This certificate was **revoked** on {date} by {institution}, because {reason}."),
    Verdict.suspended: _(
        "This certificate has been **suspended** by {institution} since {date}: "
        "until the suspension is lifted it does not count."
    ),
    Verdict.undetermined: _("This certificate **could not be checked** to the end: {what} did not answer."),
}
_UNKNOWN: Mapping[Verdict, object] = {
    Verdict.valid: _(
        "**The issuer is not known to us**: the file is unaltered and was signed by whoever controls {host}, "
        "but we cannot say who that is."
    ),
    Verdict.expired: _(
        "**The issuer is not known to us**, and the certificate **expired** on {until}: "
        "it was signed by whoever controls {host}."
    ),
    Verdict.not_yet_valid: _(
        "**The issuer is not known to us**, and the certificate is **not yet valid**: "
        "whoever controls {host} has dated it {from}."
    ),
    Verdict.revoked: _(
        "This certificate was **revoked** by its issuer, and **that issuer is not known to us**: "
        "it is whoever controls {host}."
    ),
    Verdict.suspended: _(
        "This certificate is **suspended** by its issuer, and **that issuer is not known to us**: "
        "it is whoever controls {host}."
    ),
    Verdict.undetermined: _(
        "**The issuer is not known to us**, and the certificate **could not be checked** to the end: "
        "{what} did not answer."
    ),
}
_EITHER: Mapping[Verdict, object] = {
    Verdict.invalid: _("This certificate is **not valid**: {fault}."),
    Verdict.unsupported: _(
        "This file **could not be checked**: it is signed in a way that we do not know ({suite})."
    ),
    Verdict.refused: _("We **refused to check** this file: {limit}."),
}

# Variants, when a value is not known. Each names the values without which the sentence above cannot be said.
_NO_OWNER: Mapping[Verdict, object] = {
    Verdict.valid: _(
        "**The issuer is not known to us**: "
        "the file is unaltered and was signed with a key that names no owner."
    ),
    Verdict.expired: _(
        "**The issuer is not known to us**, and the certificate **expired** on {until}: "
        "it was signed with a key that names no owner."
    ),
    Verdict.not_yet_valid: _(
        "**The issuer is not known to us**, and the certificate is **not yet valid**: "
        "it is dated {from} and was signed with a key that names no owner."
    ),
    Verdict.revoked: _(
        "This certificate was **revoked** by its issuer, and **that issuer is not known to us**: "
        "it was signed with a key that names no owner."
    ),
    Verdict.suspended: _(
        "This certificate is **suspended** by its issuer, and **that issuer is not known to us**: "
        "it was signed with a key that names no owner."
    ),
}
_WITHOUT: Mapping[Verdict, object] = {
    Verdict.valid: _("This certificate is **good**: {institution} awarded it to {name}."),
    Verdict.expired: _("This certificate **expired** on {until}: {institution} awarded it to {name}."),
    Verdict.revoked: _("This certificate was **revoked** by {institution}; no reason is given."),
    Verdict.suspended: _(
        "This certificate has been **suspended** by {institution}: "
        "until the suspension is lifted it does not count."
    ),
    Verdict.unsupported: _("This file **could not be checked**: it is signed in a way that we do not know."),
}
_OLDER = _("This file **could not be checked**: it is written in an older edition of the standard.")
_NAMELESS = _("This certificate is **good**: {institution} awarded it.")
_NAMELESS_EXPIRED = _("This certificate **expired** on {until}: {institution} awarded it.")
# What an institution states of others' courses and certificates is awarded to nobody.
_STATEMENT: Mapping[Verdict, object] = {
    Verdict.valid: _("This statement is **good**: {institution} made it."),
    Verdict.expired: _("This statement **expired** on {until}: {institution} made it."),
    Verdict.not_yet_valid: _("This statement is **not yet valid**: {institution} has dated it {from}."),
    Verdict.revoked: _("This statement was **withdrawn** by {institution}."),
    Verdict.suspended: _(
        "This statement has been **suspended** by {institution}: "
        "until the suspension is lifted it does not count."
    ),
}
_UNTOLD = _("This certificate **could not be checked** to the end: {untold}.")
_UNTOLD_UNKNOWN = _(
    "**The issuer is not known to us**, and the certificate **could not be checked** to the end: {untold}."
)
_SEVERAL_GOOD = _("This file holds {count} certificates, and **all of them are good**.")
_SEVERAL_UNKNOWN = _(
    "This file holds {count} certificates. Each is unaltered, but **not every issuer is known to us**."
)
_SEVERAL = _("This file holds {count} certificates, and **not all of them are good**. Read each by itself.")
_SEVERAL_OPEN = _(
    "This file holds {count} certificates, and **not all of them could be checked**. Read each by itself."
)
_OPEN = {Verdict.undetermined, Verdict.unsupported, Verdict.refused}
ERASED = _("This certificate was **erased at the holder’s wish** and can no longer be checked here.")

_ADVICE: Mapping[str, object] = {
    "revoked": _(
        "Do not rely on it. Ask the holder for the corrected certificate, or ask the university’s office."
    ),
    "withdrawn": _("Do not rely on it. Ask whoever made it what has changed."),
    "suspended": _("Do not rely on it today. Ask the university’s office how long the suspension lasts."),
    "invalid": _("The name in the file proves nothing. Ask the holder for the original file."),
    "in_order": _("What could be checked is in order. This is neither a yes nor a no."),
    "not_in_order": _("This is neither a yes nor a no."),
    "unknown": _("Before you rely on it, find out who stands behind that address."),
    "no_owner": _("Before you rely on it, find out whose key that is."),
    "other": _("This says nothing about the holder. Ask for the original file."),
}


def look(verdict: Verdict, trust: IssuerTrust) -> Look:
    """Give class, mark and title word of a verdict: a valid file of an unknown issuer is never green."""
    return _UNKNOWN_LOOK if trust is UNKNOWN and verdict in _LOOKS_UNKNOWN else _LOOKS[verdict]


def sentence(
    verdict: Verdict, trust: IssuerTrust, values: Mapping[str, object], *, in_order: bool = True
) -> Sentence:
    """Say a verdict in one sentence.

    `values` holds what is known of `institution name awarded until from date reason host what untold fault
    suite limit older statement`, as text or `Markup`; what is missing chooses a variant, and `statement` the
    words for what is awarded to nobody. `in_order` tells whether every
    check that could be made has passed.
    """
    template = _template(verdict, trust, values)
    return Sentence(phrase(template, values), look(verdict, trust), _advice(verdict, trust, values, in_order))


def sentence_of_several(verdict: Verdict, trust: IssuerTrust, *, count: int) -> Sentence:
    """Say in one sentence how the several certificates in one file came off."""
    if verdict is Verdict.valid:
        template = _SEVERAL_GOOD if trust is KNOWN else _SEVERAL_UNKNOWN
    else:
        template = _SEVERAL_OPEN if verdict in _OPEN else _SEVERAL
    return Sentence(phrase(template, {"count": str(count)}), look(verdict, trust), None)


def _template(verdict: Verdict, trust: IssuerTrust, values: Mapping[str, object]) -> object:
    if verdict is Verdict.unsupported and "older" in values:
        return _OLDER
    if verdict in _EITHER:
        return (
            _EITHER[verdict]
            if verdict is not Verdict.unsupported or values.get("suite")
            else _WITHOUT[verdict]
        )
    if verdict is Verdict.undetermined and "what" not in values:
        return _UNTOLD if trust is KNOWN else _UNTOLD_UNKNOWN
    if trust is UNKNOWN:
        return _NO_OWNER[verdict] if verdict in _NO_OWNER and "host" not in values else _UNKNOWN[verdict]
    return _known_issuer(verdict, values)


def _known_issuer(verdict: Verdict, values: Mapping[str, object]) -> object:
    if "statement" in values:
        return _STATEMENT[verdict]
    if verdict in (Verdict.valid, Verdict.expired) and "name" not in values:
        return _NAMELESS if verdict is Verdict.valid else _NAMELESS_EXPIRED
    needed = {
        Verdict.valid: {"awarded"},
        Verdict.expired: {"awarded"},
        Verdict.revoked: {"date", "reason"},
        Verdict.suspended: {"date"},
    }
    return _TRUSTED[verdict] if needed.get(verdict, set()) <= values.keys() else _WITHOUT[verdict]


def _advice(
    verdict: Verdict, trust: IssuerTrust, values: Mapping[str, object], in_order: bool
) -> Markup | None:
    if verdict in (Verdict.refused, Verdict.unsupported):
        return phrase(_ADVICE["other"])
    if verdict is Verdict.undetermined:
        return phrase(_ADVICE["in_order" if in_order else "not_in_order"])
    if verdict is Verdict.revoked and "statement" in values:
        return phrase(_ADVICE["withdrawn"])
    if verdict in (Verdict.revoked, Verdict.suspended, Verdict.invalid):
        return phrase(_ADVICE[verdict.value])
    if trust is UNKNOWN:
        return phrase(_ADVICE["unknown" if "host" in values else "no_owner"])
    return None
