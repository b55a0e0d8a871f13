"""The forms of proof as an administrator chooses among them: what each is, and for whom it is good."""

from collections.abc import Iterable

from app.words import gettext as _
from issuer.institutions import FIRST_ALGORITHM
from issuer.proof_forms import ProofForm
from issuer.records import KeyRecordView


def form_choices(keys: Iterable[KeyRecordView]) -> list[tuple[str, str]]:
    """Give value and words of each form; `keys` are those of the institution."""
    there = {FIRST_ALGORITHM, *(key.algorithm for key in keys if key.retired is None)}
    return [(form.value, _choice(form, there=form.algorithm in there)) for form in ProofForm]


def _choice(form: ProofForm, *, there: bool) -> str:
    words = _words(form)
    if there:
        return words
    return _("{form} (there is no key for {algorithm} yet)").format(form=words, algorithm=form.algorithm)


def _words(form: ProofForm) -> str:
    return {
        ProofForm.EDDSA_RDFC_2022: _("eddsa-rdfc-2022, Ed25519: every certified verifier reads it"),
        ProofForm.EDDSA_JCS_2022: _("eddsa-jcs-2022, Ed25519"),
        ProofForm.ECDSA_RDFC_2019_P256: _("ecdsa-rdfc-2019, P-256"),
        ProofForm.ECDSA_RDFC_2019_P384: _("ecdsa-rdfc-2019, P-384"),
        ProofForm.ECDSA_JCS_2019_P256: _("ecdsa-jcs-2019, P-256"),
        ProofForm.ECDSA_SD_2023: _("ecdsa-sd-2023, P-256: holders can show a part"),
        ProofForm.JWT_EDDSA: _("Signed token (VC-JWT), EdDSA"),
        ProofForm.JWT_ES256: _("Signed token (VC-JWT), ES256"),
        ProofForm.JWT_RS256: _("Signed token (VC-JWT), RS256: every certified verifier of tokens reads it"),
    }[form]
