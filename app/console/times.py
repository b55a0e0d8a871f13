"""Times as the console's tables write them: short, in the zone of the settings, named in the table's head."""

from datetime import datetime, tzinfo

from babel.dates import format_datetime

from app.words import get_locale


def brief_time(value: datetime, zone: tzinfo) -> str:
    """Write day and time: 3 Jul 2026, 09:02."""
    return format_datetime(value.astimezone(zone), "d MMM y, HH:mm", locale=get_locale())


def brief_day(value: datetime, zone: tzinfo) -> str:
    """Write a day: 3 Jul 2026."""
    return format_datetime(value.astimezone(zone), "d MMM y", locale=get_locale())


def zone_word(now: datetime, zone: tzinfo) -> str:
    """Name the zone of a table's times: UTC+7."""
    offset = now.astimezone(zone).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"
