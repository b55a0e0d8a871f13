"""Say a scale of marks in words, as the model has no other way, and read such words again."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = r"[^,/]{1,80}?"
_SAID = re.compile(
    rf"(?:(?P<kind>[A-Za-z:]{{1,40}})(?:, |$))?"
    rf"(?:from (?P<least>{_WORD})(?: to (?P<most>{_WORD}))?(?:, |$)|up to (?P<top>{_WORD})(?:, |$))?"
    rf"(?:one of (?P<allowed>{_WORD}(?: / {_WORD})*)(?:, |$))?"
    rf"(?:at least (?P<required>{_WORD}) required)?"
)


@dataclass(frozen=True)
class Scale:
    """Hold a scale: kind of result (`RawScore`), bounds, the values allowed and the one required."""

    kind: str = ""
    least: str = ""
    most: str = ""
    required: str = ""
    allowed: tuple[str, ...] = ()

    def said(self) -> str:
        """Say it: “RawScore, from 0 to 10, at least 5 required”; empty for a scale without anything."""
        bounds = f"from {self.least}" if self.least else ""
        if self.most:
            bounds = f"{bounds} to {self.most}" if bounds else f"up to {self.most}"
        told = (
            self.kind,
            bounds,
            f"one of {' / '.join(self.allowed)}" if self.allowed else "",
            f"at least {self.required} required" if self.required else "",
        )
        return ", ".join(filter(None, told))


def heard(words: str) -> Scale | None:
    """Give the scale that is said in these words, None for words that `Scale.said` would not choose."""
    found = _SAID.fullmatch(words) if len(words) <= 2_000 else None
    if not found or not words:
        return None
    scale = Scale(
        kind=found["kind"] or "",
        least=found["least"] or "",
        most=found["most"] or found["top"] or "",
        required=found["required"] or "",
        allowed=tuple(found["allowed"].split(" / ")) if found["allowed"] else (),
    )
    return scale if scale.said() == words else None
