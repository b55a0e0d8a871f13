"""Numbers of a workbook as the sheet shows them: dates, times, percentages, zeros (ECMA-376, 18.8.30)."""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache

DAY_ZERO_1900 = date(1899, 12, 30)  # so that day 61 is 1 March 1900: the 29 February before it never was
DAY_ZERO_1904 = date(1904, 1, 1)
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00"}
_DATES = frozenset({14, 15, 16, 17, *range(27, 32), 36, *range(50, 55), 57, 58})
_TIMES = frozenset({18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56})
_BUILT_IN |= dict.fromkeys(_DATES, "yyyy-mm-dd") | dict.fromkeys(_TIMES, "hh:mm:ss")
_BUILT_IN |= {22: "yyyy-mm-dd hh:mm", 46: "[h]:mm:ss"}
_TEXT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_PADDED = re.compile(r'(?:"([^"]*)")?(0{2,})(?:"([^"]*)")?')
_FIXED = re.compile(r"[#,]*0(?:\.(0+))?")
_LAST_DAY = 2_958_466  # 31 December 9999


class Shown(StrEnum):
    """What a number format makes of a number."""

    GENERAL = "general"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    DURATION = "duration"
    PERCENT = "percent"
    PADDED = "padded"
    FIXED = "fixed"


def format_code(number: int, own: dict[int, str]) -> str:
    """Give the code of a number format by its id: the workbook's own, or a built-in one."""
    return own.get(number) or _BUILT_IN.get(number, "General")


def number_text(raw: str, code: str, *, day_zero: date) -> str:
    """Write the number `raw` as a format shows it: dates as ISO, whole numbers without decimals.

    What is no number is given back as it is.
    """
    try:
        value = float(raw)
    except ValueError:
        return raw
    if value != value or value in (float("inf"), float("-inf")):
        return raw
    kind = shown(code)
    if kind in (Shown.DATE, Shown.TIME, Shown.MOMENT, Shown.DURATION):
        return _moment(value, kind, day_zero) or _plain(value)
    if kind is Shown.PERCENT:
        return f"{_plain(value * 100)}%"
    if kind is Shown.PADDED and value >= 0 and value.is_integer():
        found = _PADDED.fullmatch(_section(code))
        before, zeros, after = found.groups() if found else ("", "", "")
        return f"{before or ''}{int(value):0{len(zeros)}d}{after or ''}"
    return _rounded(value, code) if kind is Shown.FIXED else _plain(value)


@lru_cache(maxsize=512)
def shown(code: str) -> Shown:
    """Tell what a format code makes of a positive number."""
    section = _section(code)
    if section.casefold() in ("general", "@", ""):
        return Shown.GENERAL
    if _PADDED.fullmatch(section):
        return Shown.PADDED
    bare = _TEXT.sub("", section).casefold().strip()
    if re.search(r"\[[hms]+\]", bare):
        return Shown.DURATION
    bare = bare.replace("general", "").replace("am/pm", "h").replace("a/p", "h")
    hours, days = bool(re.search(r"[hs]", bare)), bool(re.search(r"[yd]", bare))
    if days or ("m" in bare and not hours):
        return Shown.MOMENT if hours else Shown.DATE
    if hours:
        return Shown.TIME
    if "%" in bare:
        return Shown.PERCENT
    return Shown.FIXED if _FIXED.fullmatch(bare) else Shown.GENERAL


def day(value: float, day_zero: date) -> date | None:
    """Give the date with that number in a workbook, None if there is none."""
    if not 0 <= value < _LAST_DAY:
        return None
    missing = 1 if day_zero == DAY_ZERO_1900 and value < 60 else 0
    try:
        return day_zero + timedelta(days=int(value) + missing)
    except OverflowError:
        return None


def _section(code: str) -> str:
    return re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code, maxsplit=1)[0].strip()


def _moment(value: float, kind: Shown, day_zero: date) -> str:
    if not 0 <= value < _LAST_DAY:
        return ""
    seconds = round(value * 86_400)
    if kind is Shown.DURATION or (kind is Shown.TIME and value < 1):
        hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
        return f"{hours:02}:{minutes:02}" + (f":{rest:02}" if rest else "")
    found = day(seconds // 86_400, day_zero)
    if found is None:
        return ""
    moment = datetime(found.year, found.month, found.day) + timedelta(seconds=seconds % 86_400)  # noqa: DTZ001
    if not seconds % 86_400:
        return found.isoformat()
    return moment.isoformat(sep=" ", timespec="seconds" if moment.second else "minutes")


def _plain(value: float) -> str:
    """Write up to 15 significant digits, which is what spreadsheets keep."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    if "e-" not in text:
        return text
    return f"{Decimal(text):f}" if abs(value) > 1e-9 else "0"


def _rounded(value: float, code: str) -> str:
    found = _FIXED.fullmatch(_TEXT.sub("", _section(code)).strip())
    places = len(found.group(1) or "") if found else 0
    try:
        text = f"{Decimal(_plain(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    except InvalidOperation:
        return _plain(value)
    return (text.rstrip("0").rstrip(".") if "." in text else text) if abs(value) < 1e15 else _plain(value)
