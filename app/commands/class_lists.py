"""What a class list would do: the preview of `testamur issue`, also for a definition not published yet."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from app.commands.options import WrongUsage
from issuer import Issuer
from issuer.batches import ImportPreview
from issuer.batching.criteria import first_day_before
from issuer.class_list import ClassList, read_class_list
from issuer.definitions import DefinitionRefused
from issuer.institutions import institution_row, issuer_profile
from issuer.scales import scales
from issuer.transactions import reading
from microcredential import Definition, Severity, bind, check_achievement, load_definition

_YAML = (".yaml", ".yml")
_FILES = (*_YAML, ".json")


@dataclass(frozen=True)
class Outlook:
    """What a file would do, in words and numbers; nothing is stored for it.

    `began` is the first day of learning where that was before the version was published (QC-21).
    """

    code: str
    version: str
    run: str
    class_list: ClassList
    new: int
    began: date | None = None

    @classmethod
    def of(cls, preview: ImportPreview) -> "Outlook":
        """Say what a preview against a published definition comes to."""
        version = preview.definition
        new = preview.new_rows
        began = first_day_before(new, version.created)
        return cls(version.code, version.version, preview.run, preview.class_list, len(new), began)


@dataclass(frozen=True)
class Given:
    """What the command line says of a class list."""

    slug: str
    definition: str
    run: str
    data: bytes
    awarded: date | None
    criteria: str = ""


def definition_in(argument: str) -> Definition | None:
    """Read the definition if the argument names a file, None if it names a published one.

    Raises WrongUsage for a file that is not there, MicroCredentialError for one that cannot stand.
    """
    path = Path(argument)
    if path.is_file():
        return load_definition(path.read_bytes(), kind="yaml" if path.suffix.lower() in _YAML else "json")
    if path.suffix.lower() in _FILES or (path.parent != Path() and "://" not in argument):
        raise WrongUsage(f"There is no definition file at {argument}.")
    return None


def publish(issuer: Issuer, given: Given, *, by: str | None = None) -> str:
    """Publish what a definition file describes, unless it is there; give the name by which it is found.

    `by` names whoever does it, for the audit.
    """
    definition = definition_in(given.definition)
    if definition is None:
        return given.definition
    version = issuer.publish_definition(given.slug, definition, by=by)
    return f"{version.code}@{version.version}"


def preview(issuer: Issuer, given: Given, published: str) -> ImportPreview:
    """Read the class list against a published definition."""
    return issuer.import_class_list(given.slug, published, given.run, given.data, awarded=given.awarded)


def dry_run(issuer: Issuer, given: Given) -> Outlook:
    """Say what issuing would do, with all its refusals, and store nothing."""
    definition = definition_in(given.definition)
    if definition is None:
        return Outlook.of(preview(issuer, given, given.definition))
    names = {(each.code, each.version) for each in issuer.definitions(given.slug)}
    if (definition.code, definition.version) in names:  # publishing again stores nothing; it compares
        return Outlook.of(preview(issuer, given, publish(issuer, given)))
    return _unpublished(issuer, given, definition)


def _unpublished(issuer: Issuer, given: Given, definition: Definition) -> Outlook:
    """Check the definition as publishing would, and read the class list against it."""
    deployment = issuer.deployment
    if not given.run.strip():
        raise WrongUsage("Name the run, for example “Spring 2026”.")
    if definition.institution not in (None, given.slug):
        raise WrongUsage(f"The definition belongs to “{definition.institution}”, not to “{given.slug}”.")
    with reading(deployment.engine) as session:
        profile = issuer_profile(institution_row(session, given.slug))
    achievement = bind(
        definition,
        achievement_id=deployment.achievement_url("not-published"),
        issuer_profile=profile,
        base_url=deployment.base_url,
    )
    findings = check_achievement(achievement, issuer=profile)
    blocking = [each for each in findings if each.severity is Severity.BLOCK]
    if blocking:
        raise DefinitionRefused(blocking)
    available = achievement.get("creditsAvailable")
    listed = read_class_list(
        given.data,
        known_scales=scales(achievement),
        credits_available=None if available is None else Decimal(str(available)),
        today=deployment.now().date(),
        awarded=given.awarded,
    )
    began = first_day_before(listed.rows, deployment.now())
    return Outlook(definition.code, definition.version, given.run, listed, len(listed.rows), began)
