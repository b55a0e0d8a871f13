"""The issuing office as one object: a method for each use case, each with its own transactions."""

from collections.abc import Callable
from datetime import date, datetime
from random import Random, SystemRandom

from sqlalchemy import Engine

from issuer import (
    batches,
    definitions,
    institutions,
    key_revocation,
    lookup,
    outbox,
    own_addresses,
    published_keys,
    renewal,
    status,
    status_lists,
    trust_publication,
    visibility,
)
from issuer.batches import ImportPreview
from issuer.deployment import Clock, Deployment
from issuer.documents import Documents
from issuer.errors import IssuerError
from issuer.inputs import InstitutionInput
from issuer.institutions import FIRST_ALGORITHM
from issuer.issuing import Issuing, Progress
from issuer.key_revocation import KeyRevocation
from issuer.keyring import Keyring, SigningKeys
from issuer.links import LinkSecret
from issuer.lint import VerifierFactory, own_verifier
from issuer.office_secret import OfficeSecret
from issuer.outbox import Delivery, Send
from issuer.recognition import signing as recognition_signing
from issuer.records import (
    BatchResult,
    CredentialRecord,
    DefinitionVersion,
    InstitutionRecord,
    KeyRecordView,
    OutboxMail,
    RevocationReason,
    StatusChangeRecord,
    StoredStatusList,
    Visibility,
)
from issuer.status_bits import KeptBits
from issuer.trust_files import TrustFiles
from microcredential import Definition
from ob3.trust_list import InstitutionList
from verifier import TrustEntry


class Issuer:
    """The issuing office of one deployment.

    `keys` is a key store, None in the web process; `links` makes holder links, None where no mail is written;
    without `secret` nothing that the audit must tell of can be changed.
    Every method raises IssuerError or one of its leaves, with a code and a sentence.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        base_url: str,
        clock: Clock,
        keys: SigningKeys | None = None,
        links: LinkSecret | None = None,
        verifier_factory: VerifierFactory = own_verifier,
        random: Random | None = None,
        demonstration: bool = False,
        secret: OfficeSecret | None = None,
    ) -> None:
        self.deployment = Deployment(engine, base_url, clock, random or SystemRandom(), secret)
        self.deployment.check()
        self.documents = Documents(self.deployment, demonstration=demonstration)
        self._keyring = Keyring(keys)
        self._links = links
        self._kept_bits = KeptBits()
        self._verifier_factory = verifier_factory
        self._issuing = Issuing(self.deployment, self._keyring, links, verifier_factory)

    # Institutions and their keys

    def register_institution(self, given: InstitutionInput) -> InstitutionRecord:
        """Store a new institution; it cannot publish or issue before `create_key`."""
        return institutions.register_institution(self.deployment, given)

    def institutions(self) -> list[InstitutionRecord]:
        """List the institutions by name."""
        return institutions.institutions(self.deployment)

    def trust_entries(self) -> list[TrustEntry]:
        """List the institutions that this deployment vouches for."""
        return institutions.trust_entries(self.deployment)

    def create_key(self, slug: str, algorithm: str = FIRST_ALGORITHM) -> KeyRecordView:
        """Make an institution's first key for an algorithm, or give the one in use."""
        return institutions.create_key(self.deployment, self._keyring, slug, algorithm)

    def create_missing_keys(self) -> list[str]:
        """Make the first key of every institution that has none; give the short names of those."""
        return institutions.create_missing_keys(self.deployment, self._keyring)

    def rotate_key(self, slug: str, algorithm: str = FIRST_ALGORITHM) -> KeyRecordView:
        """Replace the key in use for an algorithm; refused on loopback, where the DID is the key."""
        return institutions.rotate_key(self.deployment, self._keyring, slug, algorithm)

    def plan_key_revocation(self, slug: str, key: str) -> KeyRevocation:
        """Say what would end if a key were revoked; nothing is changed."""
        return key_revocation.plan_key_revocation(self.deployment, slug, key)

    def credentials_signed_by(self, slug: str, key: str) -> list[str]:
        """List the ids of what a key signed and nobody has revoked."""
        return key_revocation.credentials_signed_by(self.deployment, slug, key)

    def revoke_key(self, slug: str, key: str, *, by: str | None = None) -> KeyRevocation:
        """Revoke a key for good, follow it with a new one if it signs, sign the status lists anew."""
        return key_revocation.revoke_key(self.deployment, self._keyring, slug, key, by=by)

    def keys_of(self, slug: str) -> list[KeyRecordView]:
        """List an institution's public keys, the oldest first."""
        return institutions.keys_of(self.deployment, slug)

    def did_document(self, slug: str) -> str:
        """Give an institution's DID document as served."""
        return published_keys.did_document_text(self.deployment, slug)

    def key_set(self) -> str:
        """Give the JWK Set of all institutions as served."""
        return published_keys.key_set_text(self.deployment)

    def public_jwk(self, slug: str, name: str) -> str:
        """Give one key of an institution as served, by the last part of its address."""
        return published_keys.jwk_text(self.deployment, slug, name)

    def publish_trust_list(self, files: TrustFiles, *, name: str) -> InstitutionList | None:
        """Sign the list of the institutions anew, where it changed or would run out."""
        return trust_publication.publish(self.deployment, self._keyring, files, name=name)

    def replace_trust_key(self, files: TrustFiles) -> str:
        """Make a new key that signs the list from now on; give its verification method."""
        made = trust_publication.replace_key(self.deployment, self._keyring, files)
        return made.key.verification_method

    def sign_statements(self) -> int:
        """Sign the recognition statements that wait; give how many were signed."""
        return recognition_signing.sign_statements(
            self.deployment, self._keyring, verifier_factory=self._verifier_factory
        )

    # Definitions

    def publish_definition(
        self, slug: str, definition: Definition, *, by: str | None = None
    ) -> DefinitionVersion:
        """Store a version of a definition for good under an immutable address; `by` names who did it."""
        return definitions.publish_definition(self.deployment, slug, definition, by=by)

    def definitions(self, slug: str) -> list[DefinitionVersion]:
        """List what an institution has published."""
        return definitions.definition_versions(self.deployment, slug)

    def achievement(self, public_id: str) -> DefinitionVersion:
        """Find a version by the last part of its address."""
        return definitions.achievement(self.deployment, public_id)

    # Issuing

    def import_class_list(
        self, slug: str, definition: str, run: str, data: bytes, *, awarded: date | None = None
    ) -> ImportPreview:
        """Read a CSV file against `CODE` or `CODE@VERSION` and say what it would do; nothing is stored."""
        return batches.preview_class_list(self.deployment, slug, definition, run, data, awarded=awarded)

    def start_batch(self, preview: ImportPreview, *, by: str, criteria: str = "") -> str:
        """Store the good rows of a preview for issuing and give the batch's id."""
        return batches.start_batch(self.deployment, preview, by=by, criteria=criteria)

    def issue_batch(
        self,
        batch_id: str,
        *,
        progress: Progress | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> BatchResult:
        """Issue what a batch still waits for; `progress` is told rows done and rows in all."""
        return self._issuing.issue_batch(batch_id, progress=progress, should_stop=should_stop)

    def resume(
        self, *, progress: Progress | None = None, should_stop: Callable[[], bool] = lambda: False
    ) -> list[BatchResult]:
        """Finish every batch that was left behind."""
        return self._issuing.resume(progress=progress, should_stop=should_stop)

    def batch_result(self, batch_id: str) -> BatchResult:
        """Say where a batch stands."""
        return batches.batch_result(self.deployment, batch_id)

    # Status

    def revoke(
        self, credential: str, *, reason: RevocationReason | str, by: str, slug: str | None = None
    ) -> None:
        """Revoke by credential id, code or short code, for a reason of the closed list."""
        if reason not in set(RevocationReason):
            known = ", ".join(RevocationReason)
            raise IssuerError("reason", f"“{reason}” is not a reason for revoking; use one of: {known}.")
        status.revoke(self.deployment, credential, reason=RevocationReason(reason), by=by, slug=slug)

    def suspend(self, credential: str, *, by: str, slug: str | None = None) -> None:
        """Suspend a credential whose definition has opted in."""
        status.suspend(self.deployment, credential, by=by, slug=slug)

    def reinstate(self, credential: str, *, by: str, slug: str | None = None) -> None:
        """Lift a suspension."""
        status.reinstate(self.deployment, credential, by=by, slug=slug)

    def renew(self, credential: str, *, until: datetime | None = None, by: str) -> None:
        """Give a credential that names an address for newer versions a new period from now on."""
        renewal.renew(
            self.deployment,
            self._keyring,
            credential,
            until=until,
            by=by,
            verifier_factory=self._verifier_factory,
        )

    def status_history(self, credential: str) -> list[StatusChangeRecord]:
        """List what became of a credential."""
        return status.status_history(self.deployment, credential)

    def sign_status_lists(self, *, only_due: bool = True) -> int:
        """Sign the lists that changed or are an hour old; give how many."""
        return status_lists.sign_status_lists(
            self.deployment, self._keyring, only_due=only_due, kept=self._kept_bits
        )

    def status_list(self, public_id: str) -> StoredStatusList:
        """Give a status list as last signed."""
        return status_lists.stored_status_list(self.deployment, public_id)

    # Finding

    def credential_by_code(self, code: str) -> CredentialRecord:
        """Find by the code in the link on paper."""
        return lookup.by_code(self.deployment, code)

    def by_short_code(self, short_code: str) -> CredentialRecord:
        """Find by the code that a person types."""
        return lookup.by_short_code(self.deployment, short_code)

    def by_holder_token(self, token: str) -> CredentialRecord:
        """Find by the holder's secret token."""
        return lookup.by_holder_token(self.deployment, token)

    def by_share_id(self, share_id: str) -> CredentialRecord:
        """Find the page that a holder shares, if it is open."""
        return lookup.by_share_id(self.deployment, share_id)

    def credential(self, urn: str) -> CredentialRecord:
        """Find by the credential's own id."""
        return lookup.by_urn(self.deployment, urn)

    def credentials(self, slug: str) -> list[CredentialRecord]:
        """List what an institution has issued."""
        return lookup.credentials_of(self.deployment, slug)

    def find_award(self, slug: str, student_number: str, definition: str, *, run: str | None = None) -> str:
        """Give the credential id of a student's award."""
        return lookup.find_award(self.deployment, slug, student_number, definition, run=run)

    def holder_url(self, record: CredentialRecord) -> str:
        """Give the secret address of the holder's page, where this process may make it."""
        return self.deployment.holder_url(self._own_links().token(record.urn))

    def set_visibility(self, token: str, chosen: Visibility) -> None:
        """Store what the holder lets others see."""
        visibility.set_visibility(self.deployment, token, chosen)

    def local(self, url: str) -> bytes | None:
        """Answer this deployment's own addresses for the verifier."""
        return own_addresses.local(self.deployment, url)

    # Mail

    def outbox(self, *, at_most: int = 200) -> list[OutboxMail]:
        """List mails with their words, the newest first."""
        return outbox.outbox(self.deployment, self._own_links(), at_most=at_most)

    def deliver(self, send: Send, *, at_most: int = 200) -> Delivery:
        """Send the mails that are due."""
        return outbox.deliver(self.deployment, self._own_links(), send, at_most=at_most)

    def _own_links(self) -> LinkSecret:
        if self._links is None:
            raise IssuerError("no_links", "This process cannot make holder links.")
        return self._links
