"""Time is a half-open interval [start, end) in two dates, printed as ISO."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

_YEAR = re.compile(r"^(\d{4})$")
_QUARTER = re.compile(r"^(\d{4})-?Q([1-4])$")
_MONTH = re.compile(r"^(\d{4})-(\d{1,2})$")
_DAY = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")


def add_months(day: date, months: int) -> date:
    """The first day of the month ``months`` after that of ``day``, keeping the day number where it exists."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def local_text(moment: datetime, utc_offset_hours: float | None = None, *, seconds: bool = False) -> str:
    """A moment by the clock of a place, or of this machine, with its offset: ``2026-03-01 09:30 +08:00``."""
    zone = None if utc_offset_hours is None else timezone(timedelta(hours=utc_offset_hours))
    local = moment.astimezone(zone)
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M}{f':{local:%S}' if seconds else ''} {offset[:3]}:{offset[3:5]}"


@dataclass(frozen=True, order=True)
class Period:
    """A half-open interval of days, [start, end)."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"period ends {self.end} not after its start {self.start}")

    @classmethod
    def year(cls, year: int) -> Period:
        """The calendar year."""
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """One calendar month."""
        start = date(year, month, 1)
        return cls(start, add_months(start, 1))

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``2023``, ``2023-Q1``, ``2023-05``, ``2023-05-04`` or ``2023-01/2023-09`` (ends inclusive).

        Raises
        ------
        ValueError
            When the text is none of these.
        """
        if "/" in text:
            first, last = text.split("/", 1)
            return cls(cls.parse(first).start, cls.parse(last).end)
        text = text.strip()
        if found := _YEAR.match(text):
            return cls.year(int(found[1]))
        if found := _QUARTER.match(text):
            start = date(int(found[1]), int(found[2]) * 3 - 2, 1)
            return cls(start, add_months(start, 3))
        if found := _MONTH.match(text):
            return cls.month(int(found[1]), int(found[2]))
        if found := _DAY.match(text):
            start = date(int(found[1]), int(found[2]), int(found[3]))
            return cls(start, start + timedelta(days=1))
        raise ValueError(f"not a period: {text!r}")

    @property
    def months(self) -> int:
        """Whole months covered, 0 when the ends are not month starts."""
        if self.start.day != 1 or self.end.day != 1:
            return 0
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    def shifted(self, years: int) -> Period:
        """The interval of equal length ``years`` later (negative: earlier)."""
        return Period(add_months(self.start, 12 * years), add_months(self.end, 12 * years))

    def __str__(self) -> str:
        months = self.months
        if months == 12 and self.start.month == 1:
            return f"{self.start.year}"
        if months == 3 and self.start.month % 3 == 1:
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        if months == 1:
            return f"{self.start:%Y-%m}"
        if months > 1:
            return f"{self.start:%Y-%m}/{add_months(self.end, -1):%Y-%m}"
        last = self.end - timedelta(days=1)
        return f"{self.start}" if last == self.start else f"{self.start}/{last}"
