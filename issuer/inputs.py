"""What an administrator says of an institution, checked before it reaches a table."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from issuer.cells import CellRefused, email_cell, text_cell, url_cell
from issuer.errors import IssuerError
from issuer.fonts import check_printable
from issuer.proof_forms import DEFAULT_FORM, ProofForm
from microcredential.vocabulary import countries

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_LONGEST_LOGO = 100_000


@dataclass(frozen=True, kw_only=True)
class InstitutionInput:
    """Describe an institution that is to be registered.

    `names` by BCP 47 language, `country` ISO 3166-1 alpha-2, `other_identifiers` pairs of type (`ext:ROR`,
    `ext:PIC`) and value, `accent` a colour like #1f3f6b, `logo_svg` an SVG document, `signatory` with `name`
    and `role`, used where a definition names none. `hashes_email` opts into a salted hash of the learner's
    address in every credential, which is known not to be anonymous. `proof_form` is one of `ProofForm`.
    """

    slug: str
    name: str
    country: str
    url: str
    names: Mapping[str, str] = field(default_factory=dict)
    email: str | None = None
    official: str | None = None
    region: str | None = None
    locality: str | None = None
    other_identifiers: tuple[tuple[str, str], ...] = ()
    initials: str = ""
    accent: str = "#1f3f6b"
    logo_svg: str | None = None
    signatory: Mapping[str, str] | None = None
    hashes_email: bool = False
    proof_form: str = DEFAULT_FORM.value

    def check(self) -> None:
        """Raise IssuerError for the first thing that may not stand."""
        if not _SLUG.fullmatch(self.slug):
            raise IssuerError("slug", f"“{self.slug[:80]}” cannot be a short name: use a-z, 0-9 and hyphens.")
        if self.country not in countries():
            raise IssuerError("country", f"“{self.country[:20]}” is not a country code such as VN or CZ.")
        if not _ACCENT.fullmatch(self.accent):
            raise IssuerError("accent", f"“{self.accent[:40]}” is not a colour like #1f3f6b.")
        if self.logo_svg is not None and len(self.logo_svg) > _LONGEST_LOGO:
            raise IssuerError("logo", f"The logo is larger than {_LONGEST_LOGO} characters.")
        signatory = self.signatory
        if signatory is not None and (
            set(signatory) != {"name", "role"} or not all(map(str.strip, signatory.values()))
        ):
            raise IssuerError("signatory", "A signatory has a name and a role.")
        if self.proof_form not in set(ProofForm):
            known = ", ".join(ProofForm)
            raise IssuerError(
                "proof_form", f"“{self.proof_form[:40]}” is not a form of proof; use one of: {known}."
            )
        self._check_addresses()
        self._check_texts()

    def _check_addresses(self) -> None:
        for code, value, read in (("url", self.url, url_cell), ("email", self.email, email_cell)):
            try:
                if value is not None:
                    read(value)
            except CellRefused as refused:
                raise IssuerError(code, f"{refused.reason} {refused.fix}") from refused

    def _check_texts(self) -> None:
        for language, text in self.names.items():
            if not _LANGUAGE.fullmatch(language):
                raise IssuerError("language", f"“{language[:40]}” is not a language tag such as vi.")
            _check_text(text)
        if not self.name.strip():
            raise IssuerError("name", "An institution needs a name.")
        optional = (
            self.official,
            self.region,
            self.locality,
            self.initials,
            *(self.signatory or {}).values(),
        )
        for other in (self.name, *filter(None, optional), *(value for _, value in self.other_identifiers)):
            _check_text(other)


def _check_text(text: str) -> None:
    if len(text) > 200 or text != unicodedata.normalize("NFC", text):
        raise IssuerError(
            "text", f"“{text[:40]}” is longer than 200 characters or not in composed form (NFC)."
        )
    check_printable(text)
    if "\n" in text or "\t" in text:
        raise IssuerError("text", f"“{text[:40]}” must stand in one line.")


def one_line(code: str, text: str, *, longest: int = 200) -> str:
    """Read a name that somebody typed: NFC, in one line, printable and not empty; raises IssuerError."""
    try:
        read = text_cell(text, longest=longest)
    except CellRefused as refused:
        raise IssuerError(code, f"{refused.reason} {refused.fix}") from refused
    if not read:
        raise IssuerError(code, "There is nothing in it. Write something.")
    check_printable(read)
    return read
