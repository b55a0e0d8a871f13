"""Universities at work: institutions, definitions, class lists, issuing, status, certificates.

`Issuer` is the door: one method for each use case, plain frozen records in and out. The tables are here.
"""

from issuer.errors import ClassListRefused, IssuerError, NotFound, StatusRefused
from issuer.inputs import InstitutionInput
from issuer.links import LinkSecret
from issuer.office_secret import OfficeSecret
from issuer.records import (
    BatchResult,
    CredentialRecord,
    DefinitionVersion,
    InstitutionRecord,
    MailState,
    OutboxMail,
    PageVisibility,
    RevocationReason,
    Status,
    StoredStatusList,
    Visibility,
)
from issuer.service import Issuer

__all__ = [
    "BatchResult",
    "ClassListRefused",
    "CredentialRecord",
    "DefinitionVersion",
    "InstitutionInput",
    "InstitutionRecord",
    "Issuer",
    "IssuerError",
    "LinkSecret",
    "MailState",
    "NotFound",
    "OfficeSecret",
    "OutboxMail",
    "PageVisibility",
    "RevocationReason",
    "Status",
    "StatusRefused",
    "StoredStatusList",
    "Visibility",
]
