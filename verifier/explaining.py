"""For every code that is not a plain yes: what it means for the reader, and what to do next.

`verifier.wording` says what was found; here stands what follows from it. A test holds the two together: each
code that a check can fail, warn or stay open with has its explanation.
"""

from collections.abc import Mapping
from dataclasses import dataclass

N_ = str


@dataclass(frozen=True)
class Explanation:
    """What a finding means for someone who has to decide, and the next step; English, marked for
    translation."""

    meaning: str
    next_step: str


_NOT_PROVEN = N_("What the file says is not proven. Do not rely on it.")
_NOT_A_BADGE = N_("There is nothing here that could be checked; this says nothing about the holder.")
_MADE_WRONGLY = N_(
    "The file does not follow the standard, so programs may read it differently. It is not accepted, "
    "although the award behind it may be real."
)
_NOT_THE_ISSUERS = N_(
    "Whoever signed this file is not shown to be the issuer that it names. Do not rely on it."
)
_WHO_IS_OPEN = N_(
    "Nothing in the file was found to be altered, but it is not shown who signed it. "
    "That is neither yes nor no."
)
_WITHDRAWAL_IS_OPEN = N_(
    "Everything else may be in order, but whether the issuer has withdrawn it is not known. "
    "That is neither yes nor no."
)
_OUR_LIMIT = N_("We stopped reading to protect this service. Nothing is said about the certificate.")
_A_REMARK = N_("This does not change the answer.")
_ENDORSED_OPEN = N_("The certificate may be good; what others say about it is not shown to be theirs.")

_ORIGINAL = N_("Ask the holder for the original file as they received it, or for a link to it.")
_ASK_ISSUER = N_("Ask the issuer, by an address that you find yourself and not in this file.")
_ISSUER_MENDS = N_(
    "Ask the holder to have the issuer make it anew; these words tell the issuer what is wrong."
)
_LATER = N_("Try again in a few minutes. If it stays so, ask the issuer.")
_NOTHING = N_("You need do nothing.")
_SMALLER = N_("Ask the holder for the certificate alone, as a file in JSON, PNG, SVG or PDF.")
_ENDORSER = N_("If the endorsement matters to you, ask whoever is named in it.")


def _each(meaning: str, next_step: str, *codes: str) -> dict[str, Explanation]:
    return dict.fromkeys(codes, Explanation(meaning, next_step))


EXPLANATIONS: Mapping[str, Explanation] = {
    # kind, container, parse
    **_each(_NOT_A_BADGE, _ORIGINAL, "no_credential", "container_broken"),
    **_each(_MADE_WRONGLY, _ORIGINAL, "json_malformed", "token_malformed"),
    **_each(N_("It was not read, so nothing is said about it."), _LATER, "reader_busy", "address_no_answer"),
    **_each(_OUR_LIMIT, _SMALLER, "limit_size", "limit_depth", "limit_count", "limit_work"),
    "limit_address": Explanation(
        N_("We open public addresses that begin with https only. Nothing is said about the certificate."),
        N_("Download the file yourself and check the file instead of the address."),
    ),
    # shape, schema, context, canonical
    **_each(_NOT_A_BADGE, _ORIGINAL, "not_an_object", "not_a_badge"),
    **_each(_MADE_WRONGLY, _ISSUER_MENDS, "no_issuer", "no_subject", "no_achievement"),
    **_each(
        _MADE_WRONGLY,
        _ISSUER_MENDS,
        "data_model",
        "schema_misfit",
        "schema_malformed",
        "context_form",
        "context_order",
    ),
    "schema_unread": Explanation(_A_REMARK, _NOTHING),
    **_each(_A_REMARK, _NOTHING, "older_context", "context_alias"),
    "context_unknown": Explanation(
        N_("Its words may mean something else than they seem to. Do not rely on them."), _ISSUER_MENDS
    ),
    **_each(
        N_("A part of what you see may be covered by no signature. Do not rely on it."),
        _ISSUER_MENDS,
        "keyword",
        "no_meaning",
    ),
    "parts_differ": Explanation(
        N_("Two parts of the file tell different things about one. Do not rely on either."), _ASK_ISSUER
    ),
    **_each(
        N_("It may be good, but we cannot tell. That is neither yes nor no."),
        _ASK_ISSUER,
        "unsupported_version",
        "unsupported_kind",
        "unsupported_token",
    ),
    # issuer_key
    **_each(_NOT_THE_ISSUERS, _ASK_ISSUER, "key_of_another", "key_absent"),
    **_each(_NOT_THE_ISSUERS, _ASK_ISSUER, "key_refused", "keys_refused", "method_malformed"),
    **_each(_WHO_IS_OPEN, _LATER, "keys_unreachable"),
    **_each(_NOT_THE_ISSUERS, _ASK_ISSUER, "key_unnamed", "keys_differ"),
    **_each(
        _WHO_IS_OPEN,
        _ASK_ISSUER,
        "keys_forbidden",
        "keys_not_found",
        "key_unconfirmed",
        "did_method_unknown",
    ),
    # signature
    **_each(_NOT_PROVEN, _ORIGINAL, "signature_misfit", "no_proof", "proof_malformed", "proof_purpose"),
    **_each(_NOT_PROVEN, _ASK_ISSUER, "proof_chain", "token_unsigned", "token_algorithm", "claims_differ"),
    **_each(_NOT_PROVEN, _ORIGINAL, "proof_domain", "proof_challenge"),
    **_each(_MADE_WRONGLY, _ISSUER_MENDS, "claims_required"),
    **_each(_A_REMARK, _NOTHING, "claims_missing", "inner_proof_unread"),
    **_each(_WHO_IS_OPEN, _LATER, "no_key", "proof_chain_key"),
    "older_suite": Explanation(_A_REMARK, _NOTHING),
    "status_left_open": Explanation(_WITHDRAWAL_IS_OPEN, _LATER),
    "unsupported_base_proof": Explanation(
        N_("It may be good, but in this form it shows more than the holder may wish, and is not checked."),
        N_("Ask the holder to choose in their wallet what to show, and to send that."),
    ),
    "unsupported_chain": Explanation(
        N_("It may be good, but we cannot read all its signatures. That is neither yes nor no."), _ASK_ISSUER
    ),
    "unsupported_suite": Explanation(
        N_("It may be good, but we cannot read its signature. That is neither yes nor no."), _ASK_ISSUER
    ),
    "another_proof_fails": Explanation(
        N_("The issuer’s own signature fits, and that is what counts; the other one counts for nothing."),
        _NOTHING,
    ),
    # dates
    "zone_missing": Explanation(_A_REMARK, _NOTHING),
    "end_not_shown": Explanation(
        N_("What is shown is the issuer’s; that it has no end is not said."),
        N_("If that matters to you, ask the holder for a selection that shows validUntil."),
    ),
    "not_yet_valid": Explanation(
        N_("The issuer has dated it in the future; until then it does not count."),
        N_("Check it again on that day."),
    ),
    "expired": Explanation(
        N_("It was good until that day. Whether what it shows still counts is for you to judge."),
        N_("Ask the holder whether there is a renewed one."),
    ),
    **_each(_MADE_WRONGLY, _ISSUER_MENDS, "dates_inverted", "date_malformed", "date_missing"),
    # status
    "status_not_shown": Explanation(
        N_("What is shown is the issuer’s; whether it was withdrawn since was not asked."),
        N_("Ask the holder for a selection that shows validUntil and credentialStatus."),
    ),
    "revoked": Explanation(
        N_("The issuer has withdrawn it for good. It does not count, whatever the file or the paper says."),
        N_("If the holder tells you otherwise, ask the issuer."),
    ),
    "suspended": Explanation(
        N_("The issuer has stopped it for now. It does not count until the issuer lifts that."),
        N_("Check it again later, or ask the issuer."),
    ),
    "status_malformed": Explanation(_MADE_WRONGLY, _ISSUER_MENDS),
    **_each(_WITHDRAWAL_IS_OPEN, _LATER, "status_unreachable", "list_expired", "list_not_yet_valid"),
    **_each(
        _WITHDRAWAL_IS_OPEN,
        _ASK_ISSUER,
        "status_type_unknown",
        "purpose_unknown",
        "status_forbidden",
        "index_beyond_list",
        "list_malformed",
        "list_not_proved",
        "list_rolled_back",
        "list_undated",
        "list_of_another_origin",
        "status_needs_id",
        "status_size_unread",
        "list_of_another_kind",
        "list_of_another_place",
        "list_of_another_issuer",
        "list_of_another_purpose",
    ),
    **_each(
        N_("The certificate stands; the issuer wants readers to know this about it."),
        N_("If it matters to you, ask the issuer what it means."),
        "status_message",
        "message_without_words",
    ),
    "newer_version": Explanation(
        N_("What is shown here is good, but may no longer be the latest."),
        N_("Ask the holder for the newer version."),
    ),
    # refresh
    "refresh_unread": Explanation(
        N_("Whether there is a newer version is not known. The answer is about the file that was handed in."),
        N_("Ask the holder whether they have a newer one."),
    ),
    **_each(
        N_("The answer is about the file that was handed in; what was found in place of a newer one is not."),
        N_("If you need the latest version, ask the issuer."),
        "refresh_older",
        "refresh_not_proven",
        "refresh_of_another",
    ),
    # endorsements
    "endorsement_false": Explanation(
        N_("Somebody put words into the mouth of another. The file as a whole is not accepted."), _ASK_ISSUER
    ),
    **_each(_ENDORSED_OPEN, _ENDORSER, "endorsement_unclear", "endorsement_not_read"),
    **_each(
        N_("The certificate itself stands; that statement does not count."),
        _ENDORSER,
        "endorsement_lapsed",
        "endorsement_elsewhere",
    ),
    "endorsement_not_own": Explanation(
        N_(
            "Anybody can name a good course of another, and add what was signed about that one. The "
            "certificate itself stands; that statement does not count."
        ),
        N_("If the endorsement matters to you, ask the institution whose course it is."),
    ),
    "endorsement_not_renewed": Explanation(
        N_(
            "The certificate stands, and so did that statement when it was signed; it may have changed since."
        ),
        _ENDORSER,
    ),
    # learner records and presentations
    "presentation_lapsed": Explanation(
        N_("The holder handed it over for another time. The certificates inside are judged by themselves."),
        N_("Ask the holder to hand it over anew, or for the certificates alone."),
    ),
    "presentation_misfit": Explanation(
        N_("Whoever made this envelope is not shown to be the holder. Do not rely on it."), _ORIGINAL
    ),
    **_each(
        N_("The certificates inside may be good; who handed them over is not shown."),
        _SMALLER,
        "presentation_unconfirmed",
        "unsupported_presentation",
    ),
    **_each(
        N_("Each certificate inside stands for itself."),
        N_("Judge each of them by what was found of it."),
        "within_open",
        "within_not_good",
    ),
    "within_nothing": Explanation(_NOT_A_BADGE, _ORIGINAL),
    # profile
    "elements_missing": Explanation(
        N_("It can be authentic all the same; it tells less than the European approach asks for."),
        N_("Ask the holder or the issuer for what you miss."),
    ),
    "profile_unreadable": Explanation(_A_REMARK, N_("Read the description yourself.")),
    # recipient
    "recipient_differs": Explanation(
        N_("The certificate names somebody else than you typed, or in another spelling."),
        N_("Compare the spelling, then ask the holder."),
    ),
    "recipient_untold": Explanation(
        N_("The certificate holds nothing that your words could be compared with."),
        N_("Try the name, the e-mail address or the student number, or ask the holder to show who they are."),
    ),
    # trust
    "issuer_not_listed": Explanation(
        N_(
            "The signature shows that one and the same key signed it, not that a university stands behind it."
        ),
        N_("Compare the issuer’s address with the website of the institution, or ask there."),
    ),
    "issuer_no_longer_listed": Explanation(
        N_("Whoever keeps the list no longer vouches for this issuer, whatever it issued and when."),
        N_("Ask those who keep the list, or the institution itself, what became of it."),
    ),
    "issuer_listed_unconfirmed": Explanation(_WHO_IS_OPEN, _LATER),
    "trust_list_unread": Explanation(
        N_("The fault lies with this service and says nothing about the certificate or the institution."),
        N_("Try again later, or tell those who run this service."),
    ),
}


def explanation(code: str) -> Explanation | None:
    """Give the explanation of a code; None for codes that are a plain yes or were not asked."""
    return EXPLANATIONS.get(code)
