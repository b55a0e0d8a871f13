"""What is done with a stored plan between the two transactions: lint, sign, read back.

A `Desk` can do all of it in this process. It also tells what another process needs to lint and to read back
in its place (`issuer.lint_beside`): names, addresses and the public key, no secret.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from issuer.lint import Lint, LintRefused
from issuer.proof_forms import ProofForm
from issuer.sealing import Seal
from issuer.storing import Refused, Signed
from ob3.strict_json import parse


@dataclass(frozen=True)
class Plan:
    """A stored plan, read without a lock; `lists` gives the purpose of each status list by its address.

    `unsigned` is the exact text of the unsigned credential, on one line.
    """

    credential_id: int
    urn: str
    unsigned: str
    form: ProofForm
    created: datetime
    valid_from: datetime
    lists: Mapping[str, str]
    list_ids: tuple[int, ...]


@dataclass(frozen=True)
class Desk:
    """Lints, signs and reads back in one form for one institution; threads may share it to sign."""

    seal: Seal
    lint: Lint

    @property
    def terms(self) -> Mapping[str, str]:
        """Give what another process needs to lint and to read back, as JSON can say it."""
        return {**self.lint.terms, "public_key": self.seal.public_key.multikey}

    def fulfilled(self, plan: Plan) -> Signed | Refused:
        """Do all of it here; raises IssuerError `signed_wrong`."""
        try:
            unsigned = self.lint.check(plan.unsigned, valid_from=plan.valid_from, lists=plan.lists)
        except LintRefused as refused:
            return Refused(plan.credential_id, refused.message)
        text = self.seal.secure_text(plan.unsigned, created=plan.created)
        self.seal.read_back(text, unsigned)
        return self.signed(plan, text)

    def secured(self, plan: Plan) -> str:
        """Sign a plan that was linted, so that its text was read strictly; nobody has read this back yet."""
        return self.seal.secure_text(plan.unsigned, created=plan.created)

    def signed(self, plan: Plan, text: str) -> Signed:
        """Give what is stored for a plan whose signed text was read back."""
        return Signed(plan.credential_id, plan.urn, text, self.seal.signer.id)

    def read_back(self, plan: Plan, text: str) -> None:
        """Read here what was signed; raises IssuerError `signed_wrong`."""
        self.seal.read_back(text, parse(plan.unsigned))
