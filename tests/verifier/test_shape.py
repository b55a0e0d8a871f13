"""The outline and the schemas of what is verified: what is left out is named, each twin is accepted."""

import pytest
from simulator import World

from verifier import Outcome
from verifier.schemas import check_schemas
from verifier.shape import check_shape, kind_of

ISSUER = World().issuer("badges.keystone.example")
BADGE = ISSUER.credential()
ENDORSEMENT = ISSUER.endorsement("https://badges.keystone.example/achievements/lending")
RECORD = {"type": ["VerifiableCredential", "ClrCredential"]}


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["VerifiableCredential", "OpenBadgeCredential"], "AchievementCredential"),
        (["VerifiableCredential", "AchievementCredential"], "AchievementCredential"),
        (["VerifiableCredential", "EndorsementCredential"], "EndorsementCredential"),
        (["VerifiableCredential", "ClrCredential"], "ClrCredential"),
        (["OpenBadgeCredential"], None),
        (["EndorsementCredential"], None),
        (["ClrCredential"], None),
        (["VerifiableCredential"], None),
        (["VerifiableCredential", "ClrCredential", "OpenBadgeCredential"], None),
        (["VerifiableCredential", "ClrCredential", "AchievementCredential"], None),
    ],
)
def test_the_types_tell_what_it_is(types, kind):
    assert kind_of({"type": types}) == kind


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (BADGE, "complete"),
        (ENDORSEMENT, "complete"),
        ([BADGE], "not_an_object"),
        ({**BADGE, "type": ["VerifiableCredential"]}, "not_a_badge"),
        ({**BADGE, "issuer": {"name": "x"}}, "no_issuer"),
        ({**BADGE, "issuer": ""}, "no_issuer"),
        ({**BADGE, "credentialSubject": [BADGE["credentialSubject"]]}, "no_subject"),
        ({**BADGE, "credentialSubject": "urn:x:y"}, "no_subject"),
        ({**BADGE, "credentialSubject": {"id": "urn:x:y"}}, "no_achievement"),
        ({**ENDORSEMENT, "credentialSubject": {"type": ["EndorsementSubject"]}}, "no_subject"),
        ({**BADGE, **RECORD, "credentialSubject": []}, "no_subject"),
        ({**BADGE, **RECORD, "credentialSubject": {"type": ["ClrSubject"]}}, "complete"),
    ],
)
def test_what_is_left_out_of_the_outline_is_named(document, code):
    assert check_shape(document).code == code


SCHEMAS = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/"


@pytest.mark.parametrize(
    ("schema", "outcome", "code"),
    [
        (f"{SCHEMAS}ob_v3p0_achievementcredential_schema.json", Outcome.passed, "schema_fits"),
        (f"{SCHEMAS}ob_v3p0_anyachievementcredential_schema.json", Outcome.passed, "schema_fits"),
        (
            "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json",
            Outcome.passed,
            "schema_fits",
        ),
        (f"{SCHEMAS}other.json", Outcome.warning, "schema_unread"),
        ("https://evil.example/ob_v3p0_achievementcredential_schema.json", Outcome.warning, "schema_unread"),
    ],
)
def test_a_further_schema_is_known_or_told(schema, outcome, code):
    named = {"id": schema, "type": "1EdTechJsonSchemaValidator2019"}
    found = check_schemas({**BADGE, "credentialSchema": [named]}, "AchievementCredential", extra_contexts={})
    assert (found.outcome, found.code) == (outcome, code)


def test_a_schema_without_an_address_is_refused():
    badge = {**BADGE, "credentialSchema": [{"type": "x"}]}
    assert check_schemas(badge, "AchievementCredential", extra_contexts={}).outcome is Outcome.failed
