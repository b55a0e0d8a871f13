"""M8 level: which level of which framework, and on what the claim rests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from microcredential.findings import Finding, block, warn
from microcredential.frameworks import EQF, LEVEL_TYPES, QF_EHEA, Level, is_referenced, level_of
from microcredential.rules.registry import Matter, rule
from microcredential.shapes import concept_id, has_type, items, mapping, objects, text
from microcredential.vocabulary import Vocabulary, in_vocabulary

NS = "https://w3id.org/testamur/ns/v1#"
REFERENCED, INDICATIVE = f"{NS}referenced", f"{NS}indicative"


@dataclass(frozen=True)
class Claim:
    """Hold one level claim: where it stands, what it says, and what our list knows about it."""

    path: str
    alignment: dict[str, object]
    level: Level | None

    @property
    def basis(self) -> str:
        """Give the IRI of the basis."""
        return concept_id(self.alignment.get("referencingBasis"))


def claims(achievement: dict[str, object]) -> list[Claim]:
    """Give the level claims among the alignments."""
    return [
        Claim(f"alignment[{place}]", one, level_of(text(one.get("targetUrl"))))
        for place, one in objects(achievement.get("alignment"))
        if text(one.get("targetType")) in LEVEL_TYPES
        or has_type(one, "LevelAlignment")
        or level_of(text(one.get("targetUrl"))) is not None
    ]


def _countries(matter: Matter) -> set[str]:
    bodies = [mapping(one) for one in items(matter.achievement.get("awardingBody"))]
    codes = [text(mapping(body.get("address")).get("addressCountryCode")) for body in bodies]
    return {code for code in (matter.country, matter.institution_country, *codes) if code}


@rule("M8")
def level_is_told(matter: Matter) -> Iterator[Finding]:
    """Warn when no level is claimed: it is asked for where it applies."""
    if not claims(matter.achievement):
        yield warn(
            "alignment",
            "no_level",
            "No level is named.",
            "Give the level in the national framework, if one applies.",
        )


@rule("M8", indicators=("QC-15",))
def level_is_known(matter: Matter) -> Iterator[Finding]:
    """Ask for a level that its framework has, written as it writes it, and a basis from the list."""
    for claim in claims(matter.achievement):
        if claim.level is None:
            yield block(
                f"{claim.path}.targetUrl",
                "unknown_level",
                "This level is not in the list.",
                "Choose a level by its IRI.",
            )
            continue
        for term, value in (("targetType", claim.level.target_type), ("targetCode", claim.level.code)):
            if claim.alignment.get(term) != value:
                yield block(
                    f"{claim.path}.{term}",
                    "level_differs",
                    f"{term} does not fit the level.",
                    f"Write {value}.",
                )
        if not in_vocabulary(Vocabulary.REFERENCING_BASIS, claim.basis):
            yield block(
                f"{claim.path}.referencingBasis",
                "no_basis",
                "The claim does not say on what it rests.",
                "Choose: legislated, referenced, institutional or indicative.",
            )


@rule("M8", indicators=("QC-15",))
def one_level_per_framework(matter: Matter) -> Iterator[Finding]:
    """Ask for one claim a framework at most."""
    seen: set[str] = set()
    for claim in claims(matter.achievement):
        framework = claim.level.framework if claim.level else text(claim.alignment.get("targetFramework"))
        if framework in seen:
            yield block(claim.path, "two_levels", f"Two levels of {framework} are claimed.", "Keep one.")
        seen.add(framework)


@rule("M8", indicators=("QC-15",))
def framework_is_own(matter: Matter) -> Iterator[Finding]:
    """Ask for the framework of the issuer's or of an awarding body's country."""
    own = _countries(matter)
    for claim in claims(matter.achievement):
        if own and claim.level and claim.level.country and claim.level.country not in own:
            yield block(
                claim.path,
                "foreign_framework",
                f"{claim.level.framework} is the framework of another country.",
                "Use the framework of the awarding institution's country.",
            )


def _backed(matter: Matter, eqf: int | None) -> bool:
    """Tell whether a national level or cycle beside it has that EQF level by an adopted report.

    Cycles of higher education count where the issuer's own country has referenced its framework
    (frameworks.json, CZ: "should use the QF-EHEA cycle and the EQF level"), or nobody has said who issues.
    """
    countries = _countries(matter)
    cycles_count = any(map(is_referenced, countries)) or not (countries or matter.has_issuer)
    return eqf is not None and any(
        claim.level.eqf == eqf
        and (claim.level.country is not None or (claim.level.framework == QF_EHEA and cycles_count))
        for claim in claims(matter.achievement)
        if claim.level and claim.level.framework != EQF
    )


@rule("M8", indicators=("QC-15",))
def referencing_is_real(matter: Matter) -> Iterator[Finding]:
    """Refuse “referenced” without an adopted report, and for the EQF anything else but “indicative”."""
    found = claims(matter.achievement)
    eqf_claims = {claim.level.eqf for claim in found if claim.level and claim.level.framework == EQF}
    for claim in found:
        level = claim.level
        if level is None:
            continue
        path = f"{claim.path}.referencingBasis"
        if claim.basis == REFERENCED:
            backed = (
                _backed(matter, level.eqf)
                if level.framework == EQF
                else level.eqf is not None and (not eqf_claims or level.eqf in eqf_claims)
            )
            if not backed:
                yield block(
                    path,
                    "not_referenced",
                    f"No adopted report links {level.framework} level {level.code} to the EQF level claimed.",
                    "Write indicative, or institutional for the national level.",
                )
        elif level.target_type in ("ext:EQF", "ext:AQRF") and claim.basis != INDICATIVE:
            yield block(
                path,
                "must_be_indicative",
                f"A level of {level.framework} is either referenced or indicative.",
                "Write indicative.",
            )
