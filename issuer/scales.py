"""The scales of a definition's results, and whether a value fits them (MAPPING.md, O3)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from issuer.cells import CellRefused, text_cell

_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}", re.ASCII)
_DATE = re.compile(r"\d{4}-(\d{2})-(\d{2})", re.ASCII)
_TOLERANCE = Decimal("0.05")  # MAPPING.md, O3: the final grade may be rounded


@dataclass(frozen=True)
class Scale:
    """One result description: its key (`exam`), and the values it may take."""

    key: str
    result_id: str
    name: str
    minimum: Decimal | None
    maximum: Decimal | None
    required: Decimal | None
    allowed: tuple[str, ...]
    weight: int | None
    is_part: bool

    def read(self, cell: str) -> str:
        """Read a value of this scale; raises CellRefused if it is outside, or below the pass mark."""
        text = text_cell(cell, longest=100)
        if self.allowed:
            return self._listed(text)
        if self.minimum is None and self.maximum is None:
            return text
        value = self._value(text)
        if not self._holds(value):
            raise CellRefused(
                "scale",
                f"{text} is outside the scale of {self.name}.",
                f"{self._give()}{self._suggestion(value)}",
            )
        if self.required is not None and value < self.required:
            raise CellRefused(
                "not_passed",
                f"{text} is below {self.required}, the least that passes {self.name}.",
                "Leave out who has not passed.",
            )
        return format(value, "f")

    def about(self) -> str:
        """Say what a value may be: “(a number from 0 to 10; at least 5 passes)”."""
        if self.allowed:
            return f"(one of: {', '.join(self.allowed)})"
        if self.minimum is None and self.maximum is None:
            return "(a text)"
        passing = "" if self.required is None else f"; at least {self.required} passes"
        return f"(a number {self._range()}{passing})"

    def _value(self, text: str) -> Decimal:
        """Read a number with point or comma, or a share of the whole where the scale ends at 100 or 1."""
        number = text.removesuffix("%").rstrip() if self.maximum in (100, 1) else text
        value = _number(number)
        if value is None:
            raise CellRefused("result", f"“{text}” is not a number.{_as_a_date(text)}", self._give())
        if number is not text and self.maximum == 1:
            value /= 100
        if _THOUSANDS.fullmatch(number) and self._holds(Decimal(number.replace(",", ""))):
            without = number.replace(",", "")
            raise CellRefused(
                "result", f"“{text}” has two readings.", f"Write {value.normalize():f} or {without}."
            )
        return value

    def _holds(self, value: Decimal) -> bool:
        above = self.minimum is None or value >= self.minimum
        return above and (self.maximum is None or value <= self.maximum)

    def _suggestion(self, value: Decimal) -> str:
        """Guess at a decimal sign that was lost: 83 for 8.3."""
        if self.maximum is None or value <= self.maximum:
            return ""
        likely = [value.scaleb(-places) for places in (1, 2)]
        found = next((each for each in likely if self._holds(each)), None)
        return "" if found is None else f" Was {found.normalize():f} meant?"

    def _give(self) -> str:
        return f"Give a number {self._range()}."

    def _listed(self, text: str) -> str:
        if text not in self.allowed:
            listed = ", ".join(self.allowed)
            raise CellRefused("scale", f"“{text}” is not a result of {self.name}.", f"Use one of: {listed}.")
        return text

    def _range(self) -> str:
        if self.minimum is None:
            return f"up to {self.maximum}"
        return f"from {self.minimum} up" if self.maximum is None else f"from {self.minimum} to {self.maximum}"


def _as_a_date(text: str) -> str:
    """Say what became of 8.3 in a spreadsheet that writes dates like that."""
    found = _DATE.fullmatch(text)
    return f" The spreadsheet took {int(found[2])}.{int(found[1])} for a date, it seems." if found else ""


def scales(achievement: Mapping[str, Any]) -> tuple[Scale, ...]:
    """List the scales of an achievement in its order."""
    return tuple(
        _scale(each) for each in achievement.get("resultDescription", ()) if isinstance(each, Mapping)
    )


def final_scale(known: Sequence[Scale]) -> Scale | None:
    """Give the scale of the overall grade: the one that describes no single assessment."""
    return next((scale for scale in known if not scale.is_part), known[0] if len(known) == 1 else None)


def check_mean(known: Sequence[Scale], results: Mapping[str, str]) -> None:
    """Raise CellRefused if a final grade is not the weighted mean of its parts, to 0.05."""
    final = final_scale(known)
    parts = [scale for scale in known if scale.is_part]
    if final is None or final.key not in results or not parts or any(scale.weight is None for scale in parts):
        return
    values = [_number(results.get(scale.key, "")) for scale in parts]
    grade = _number(results[final.key])
    same_scale = all((scale.minimum, scale.maximum) == (final.minimum, final.maximum) for scale in parts)
    if grade is None or not same_scale or sum(scale.weight or 0 for scale in parts) != 100:
        return
    if any(value is None for value in values):
        return
    weighed = [(value or Decimal(0)) * (s.weight or 0) for value, s in zip(values, parts, strict=True)]
    mean = sum(weighed, Decimal(0)) / 100
    if abs(mean - grade) > _TOLERANCE:
        raise CellRefused(
            "mean",
            f"The grade {grade} is not the weighted mean of its parts, {mean.normalize():f}.",
            "Check the results.",
        )


def _scale(description: Mapping[str, Any]) -> Scale:
    types = description.get("type", ())
    is_part = "AssessmentDescription" in ([types] if isinstance(types, str) else types)
    result_id = str(description.get("id", ""))
    return Scale(
        key=result_id.rpartition("#")[2],
        result_id=result_id,
        name=str(description.get("name", "")),
        minimum=_number(description.get("valueMin")),
        maximum=_number(description.get("valueMax")),
        required=_number(description.get("requiredValue")),
        allowed=tuple(str(value) for value in description.get("allowedValue", ())),
        weight=description.get("weightPercent"),
        is_part=is_part,
    )


def _number(value: object) -> Decimal | None:
    text = str(value).strip().replace(",", ".") if value is not None else ""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and len(text) <= 20 else None
