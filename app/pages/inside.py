"""What stands inside a document and was signed by others: further certificates, and endorsements."""

from markupsafe import Markup

from app.pages.report_values import institution_name, issuer_host
from app.phrases import isolated, phrase
from app.words import lazy_gettext as _
from verifier import IssuerTrust, Verdict, VerificationReport
from verifier.report import Endorsement
from verifier.verdict import gravest

_ENDORSED = _("Endorsed by {who}: the signature is verified.")
_OF_OTHERS = _(
    "Signed by {who}, but about a course or a body that is not shown to be this issuer’s own: "
    "it does not count here."
)
_LAPSED = _("Endorsed by {who}: genuine, but not in force any more.")
_FALSE = _("Not endorsed: a statement in the name of {who} is false.")
_OPEN = _("A statement in the name of {who} could not be checked.")
_NOBODY = _("somebody whom it does not name")


def inside_of(report: VerificationReport) -> tuple[VerificationReport, ...]:
    """Give the reports to list: those inside, but not the only one, about which the page is anyway."""
    if len(report.within) != 1:
        return report.within
    only = report.within[0]
    return inside_of(only) if only.verdict is report.verdict else report.within


def tells_the_verdict(report: VerificationReport, listed: tuple[VerificationReport, ...]) -> bool:
    """Tell whether what came of those inside is the whole answer, and nothing of the wrapper's own."""
    return len(listed) > 1 and gravest(one.verdict for one in listed) is report.verdict


def endorsement_lines(report: VerificationReport) -> tuple[Markup, ...]:
    """Say of each endorsement who made it and whether it holds; names come from the trust list alone."""
    return tuple(phrase(_line(one), {"who": _who(one)}) for one in report.endorsements)


def _line(one: Endorsement) -> object:
    if one.credential is not None and not one.counts:
        return _OF_OTHERS
    if one.verdict is Verdict.valid:
        return _ENDORSED
    if one.credential is not None:
        return _LAPSED
    return _FALSE if one.verdict is Verdict.invalid else _OPEN


def _who(one: Endorsement) -> Markup:
    """Name an endorser as the trust list does, or by the address whose key it must be (W10)."""
    known = institution_name(one.trust_entry) if one.issuer_trust is IssuerTrust.trusted else None
    if known is not None:
        return known
    host = issuer_host(one)
    if host:
        return Markup('<span class="code">{}</span>').format(host)
    return isolated(one.issuer_id) if one.issuer_id else Markup("{}").format(_NOBODY)
