"""The hours of a day in which sites are asked: a window in China's time, where the sites are and are used by day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

CHINA = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")  # no daylight saving time since 1991
OUTSIDE = "outside the hours"  # begins what is said of a run that waits for them
_WINDOW = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*-\s*(\d{1,2})(?::(\d{2}))?")
_DAY = 24 * 60


class HoursError(ValueError):
    """Not a window of hours; the message says how one is written."""


@dataclass(frozen=True, slots=True)
class Window:
    """From ``begins`` until before ``ends``, in minutes of the day; over midnight where the end is the smaller."""

    begins: int = 0
    ends: int = _DAY

    def is_open(self, moment: dt.datetime) -> bool:
        """Whether a moment (with its time zone) is in the window.

        >>> parse("22-06").is_open(dt.datetime(2026, 1, 5, 23, 0, tzinfo=CHINA))
        True
        >>> parse("22-06").is_open(dt.datetime(2026, 1, 5, 23, 0, tzinfo=dt.UTC))
        False
        """
        there = moment.astimezone(CHINA)
        minute = there.hour * 60 + there.minute
        if self.begins < self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends


def parse(text: str) -> Window:
    """The window that is written like ``22-06`` or ``22:30-06:00``; empty: the whole day.

    Raises:
        HoursError: it is none.
    """
    if not text.strip():
        return Window()
    found = _WINDOW.fullmatch(text.strip())
    if found:
        begins, ends = (int(hour) * 60 + int(minute or 0) for hour, minute in (found.group(1, 2), found.group(3, 4)))
        if begins < _DAY and 0 <= ends <= _DAY and begins != ends and all(int(m or 0) < 60 for m in found.group(2, 4)):
            return Window(begins, ends)
    raise HoursError(f"hours {text!r}: write a window like 22-06 or 22:30-06:00 (China's time); empty is the whole day")
