"""What a result page holds: values only, so that the template decides nothing."""

from dataclasses import dataclass, field

from markupsafe import Markup

from app.check_words import Answer
from app.sentences import Sentence


@dataclass(frozen=True)
class Value:
    """One value of a fact: text or markup, its language when it is not the page's, and its weight."""

    text: str | Markup
    language: str | None = None
    lead: bool = False
    small: bool = False


@dataclass(frozen=True)
class Fact:
    """A term with its values."""

    term: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Head:
    """The name at the head of a page, with its language when it is not the page's, and other names."""

    name: str
    language: str | None = None
    others: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True)
class Address:
    """The address of a page in three parts, so that the host stands out."""

    before: str
    host: str
    after: str


@dataclass(frozen=True)
class Picture:
    """The picture of a badge: what it shows in words, and its address here or why it is `missing`."""

    words: str
    source: str = ""
    missing: str = ""

    @property
    def is_inside(self) -> bool:
        """Tell whether the page itself holds the picture."""
        return self.source.startswith("data:")


@dataclass(frozen=True)
class Recognition:
    """What somebody else states about a course or who awards it, and how that is known."""

    sentence: Markup
    known: str
    comment: str | Markup = ""


@dataclass(frozen=True, kw_only=True)
class ResultPage:
    """Everything that a result page says."""

    title: str
    sentence: Sentence
    answers: tuple[Answer, ...]
    checked: str
    checked_iso: str
    head: Head | None = None
    accent: str | None = None
    office: str | None = None
    again: str | None = None
    address: Address | None = None
    facts_head: str = ""
    facts: tuple[Fact, ...] = ()
    picture: Picture | None = None
    outcomes: tuple[Value, ...] = ()
    results: tuple[str | Markup, ...] = ()
    institution: tuple[Fact, ...] = ()
    signature: str | Markup = ""
    endorsements: tuple[Markup, ...] = ()
    recognised: tuple[Recognition, ...] = ()
    within: "tuple[Inside, ...]" = ()
    name: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class Inside:
    """One of the certificates inside a file, by the name that it verifiably has, and what came of it."""

    name: str | Markup
    page: ResultPage
