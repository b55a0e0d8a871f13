"""The facts beside the seven criteria, as sentences: one for each that `ratings` can give."""

from collections.abc import Mapping

from markupsafe import Markup

from app.phrases import isolated, phrase
from app.words import lazy_gettext as _
from microcredential.recognition import HolderMatch, Indicator, Rating, Signature, Standing, Strength
from microcredential.vocabulary import label

ANY = "*"
_BY_TABLE = "by_table"
_Key = tuple[Indicator, str, str]

# By criterion, short name and value; ANY stands where the certificate's own words are in the fact.
FACT_SENTENCES: Mapping[_Key, object] = {
    (Indicator.QUALITY, ANY, ANY): _("It names “{name}”, by {value}."),
    (Indicator.QUALITY, ANY, ""): _("It names “{name}”, without an agency."),
    (Indicator.VERIFICATION, "signature", Signature.VALID): _("The signature fits."),
    (Indicator.VERIFICATION, "signature", Signature.INVALID): _("The signature does not fit."),
    (Indicator.VERIFICATION, "signature", Signature.NOT_CHECKED): _("The signature was not checked."),
    (Indicator.VERIFICATION, "issuer_in_registry", "yes"): _(
        "The issuer is on a trust list that this service reads."
    ),
    (Indicator.VERIFICATION, "issuer_in_registry", "no"): _(
        "The issuer is on no trust list that this service reads."
    ),
    (Indicator.VERIFICATION, "status", Standing.GOOD): _("The issuer has not withdrawn it."),
    (Indicator.VERIFICATION, "status", Standing.WITHDRAWN): _("The issuer has withdrawn or suspended it."),
    (Indicator.VERIFICATION, "status", Standing.UNKNOWN): _(
        "Whether the issuer has withdrawn it could not be read."
    ),
    (Indicator.VERIFICATION, "holder", HolderMatch.BOUND): _(
        "The applicant is its holder by the e-mail address."
    ),
    (Indicator.VERIFICATION, "holder", HolderMatch.BY_DOCUMENT): _(
        "The applicant is its holder by the name or by a document."
    ),
    (Indicator.VERIFICATION, "holder", HolderMatch.NOT_MATCHED): _(
        "Nothing shows that the applicant is its holder."
    ),
    (Indicator.LEVEL, ANY, ANY): _("Level {name}; it rests on: {value}."),
    (Indicator.LEVEL, ANY, ""): _("Level {name}; nothing says on what it rests."),
    (Indicator.LEVEL, _BY_TABLE, ANY): _("By the agreed table: {value}."),
    (Indicator.LEARNING_OUTCOMES, "stated", ANY): _("Learning outcomes stated: {value}."),
    (Indicator.LEARNING_OUTCOMES, _BY_TABLE, ANY): _("By the agreed table: {value}."),
    (Indicator.WORKLOAD, ANY, ANY): _("Credits stated: {value} ({name})."),
    (Indicator.WORKLOAD, "hours", ANY): _("Hours of study stated: {value}."),
    (Indicator.ASSESSMENT, "types", ANY): _("Assessed by: {value}."),
    (Indicator.ASSESSMENT, "supervised", ANY): _("Of the weight, {value} was supervised."),
    (Indicator.ASSESSMENT, "thresholds", "yes"): _("Each part says what is needed to pass."),
    (Indicator.ASSESSMENT, "thresholds", "no"): _("Not every part says what is needed to pass."),
    (Indicator.ASSESSMENT, "criteria", "public"): _("The criteria of the award are public."),
    (Indicator.ASSESSMENT, "criteria", "none"): _("No criteria of the award are given."),
    (Indicator.ASSESSMENT, _BY_TABLE, ANY): _("By the agreed table: {value}."),
    (Indicator.IDENTIFICATION, ANY, ANY): _("{name}: {value} of the weight."),
    (Indicator.IDENTIFICATION, "not stated", ANY): _("Supervision is not stated: {value} of the weight."),
}


def facts_in_words(rating: Rating, language: str) -> list[Markup]:
    """Say the facts of a rating in the page's language, in their order; nothing of one without a value."""
    told = (fact_in_words(rating.criterion, name, value, language) for name, value in rating.facts.items())
    return [sentence for sentence in told if sentence is not None]


def fact_in_words(criterion: Indicator, name: str, value: str, language: str) -> Markup | None:
    """Say one fact; None where it has no value, or no sentence.

    An empty value is told only where the lack of it is what counts: no agency, no basis.
    """
    template = _sentence(criterion, name, value)
    if template is None:
        return None
    # The title of a quality assurance may be any word, "by_table" too: only its own criteria rate by it.
    by_table = (criterion, _BY_TABLE, ANY) in FACT_SENTENCES and name == _BY_TABLE
    shown = label(Strength(value).iri, language) if by_table else value
    return phrase(template, {"name": isolated(name), "value": isolated(shown)})


def _sentence(criterion: Indicator, name: str, value: str) -> object | None:
    values = (value, ANY) if value else ("",)
    keys = [(criterion, one, other) for one in (name, ANY) for other in values]
    return next((FACT_SENTENCES[key] for key in keys if key in FACT_SENTENCES), None)
