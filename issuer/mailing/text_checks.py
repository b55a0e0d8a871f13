"""Check the words that an institution writes for its mails; each finding stands beside its field.

Addresses of web pages are allowed on the institution's own domain only: these mails reach every learner, from
a sender they trust, so whoever gets hold of one account of staff must not be able to send them elsewhere.
"""

import re
import unicodedata
from collections.abc import Collection

from issuer.mailing.filling import MailText
from issuer.mailing.kinds import MailKind, placeholders
from microcredential.vocabulary import countries

LONGEST = {"subject": 200, "opening": 4_000, "closing": 4_000}  # characters
_REQUIRED = ("subject", "opening")
_WORD_IN_BRACES = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_HIDDEN = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they change what is read
_ADDRESS = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]{0,19}://|mailto:)?(?P<user>[^\s/@<>()]{0,100}@)?(?<![\w.-])"
    r"(?P<host>(?:[\w-]+\.)+(?P<top>[^\W\d_][\w-]+))(?P<path>[:/?#][^\s<>\"“”]*)?",
    re.IGNORECASE,
)
_WELL_KNOWN = frozenset(
    {"com", "net", "org", "info", "edu", "gov", "int", "app", "dev", "xyz", "top", "online"}
)


def text_findings(text: MailText, kind: MailKind, own_hosts: Collection[str]) -> dict[str, str]:
    """Give what is wrong with words, a sentence by the name of the field; empty where they may stand.

    `own_hosts` are the institution's domains; addresses on them and below them are allowed.
    """
    fields = {"subject": text.subject, "opening": text.opening, "closing": text.closing}
    found = {name: _finding(name, value, kind, own_hosts) for name, value in fields.items()}
    return {name: sentence for name, sentence in found.items() if sentence}


def _finding(name: str, value: str, kind: MailKind, own_hosts: Collection[str]) -> str:
    if name in _REQUIRED and not value.strip():
        return "Write something here: a mail needs it."
    if len(value) > LONGEST[name]:
        return f"This has {len(value)} characters. Use at most {LONGEST[name]}."
    return _hidden(name, value) or _unknown_placeholder(value, kind) or _strange_address(value, own_hosts)


def _hidden(name: str, value: str) -> str:
    allowed = "" if name == "subject" else "\n"
    for character in value:
        bad = unicodedata.category(character) in _HIDDEN or character in _TURNING
        if bad and character not in allowed:
            if character in "\r\n":
                return "There is a line break in it. Write the subject in one line."
            return f"There is a character in it that cannot be seen (U+{ord(character):04X}). Type it again."
    return ""


def _unknown_placeholder(value: str, kind: MailKind) -> str:
    known = placeholders(kind)
    for word in _WORD_IN_BRACES.findall(value):
        if word not in known:
            listed = ", ".join(f"{{{each}}}" for each in known)
            return f"{{{word[:40]}}} means nothing here. Use {listed}, or leave out the braces."
    return ""


def _strange_address(value: str, own_hosts: Collection[str]) -> str:
    """Find what a mail program may turn into a link that leads elsewhere, in any spelling it folds."""
    text = unicodedata.normalize("NFKC", value).replace("\u3002", ".")
    rest = text
    for found in _ADDRESS.finditer(text):
        if not _is_link(found):
            continue
        if not _is_own(found["host"], own_hosts) or (found["scheme"] or "https://").lower() not in (
            "https://",
            "mailto:",
        ):
            return _not_ours(found[0], own_hosts)
        rest = rest.replace(found[0], " ", 1)
    if "://" in rest:
        return _not_ours(rest[max(0, rest.index("://") - 10) :].split()[0], own_hosts)
    return ""


def _is_link(found: re.Match[str]) -> bool:
    """Tell a web address from two words about a full stop: `PGS.TS` is a title in Vietnamese."""
    if found["scheme"] or found["user"] or found["path"] or found["host"].lower().startswith("www."):
        return True
    top = found["top"]
    return not top.isupper() or top.lower() in _WELL_KNOWN or top in countries()


def _is_own(host: str, own_hosts: Collection[str]) -> bool:
    plain = host.lower().rstrip(".")
    return any(plain == own or plain.endswith(f".{own}") for own in own_hosts)


def _not_ours(address: str, own_hosts: Collection[str]) -> str:
    ours = ", ".join(sorted(own_hosts))
    return (
        f"“{address[:80]}” would lead learners elsewhere. "
        f"Only https addresses on {ours} may stand in a mail; our own link is added below."
    )
