"""What a comparison of two reports, or of two documents of one, saw; and the words of caution it goes with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from extract.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from extract.records import Verdict

CONFIG = Path(__file__).resolve().parent.parent.parent / "config" / "checks.json"

Number: TypeAlias = int | float | Decimal
Basis = Literal["documents", "years", "neighbours", "levels"]
Severity = Literal["error", "warn", "info"]


@dataclass(frozen=True, slots=True)
class ReportFinding:
    """What a check across reports saw; the other report is known to whoever asked.

    ``keys`` begin with this report's cells, the other one's bear ``previous.``. ``code``: why it is not assessable, or
    which variant of the check's words fits. ``message``: in Chinese, with both sides. ``cautions``: codes of what must
    be read with it, see :func:`caution`. ``severity`` as in ``Finding``.
    """

    basis: Basis
    check: str
    verdict: Verdict
    subject: str = ""
    left: Number | None = None
    right: Number | None = None
    keys: tuple[str, ...] = ()
    message: str = ""
    code: str = ""
    severity: Severity = "error"
    cautions: tuple[str, ...] = ()

    def as_finding(self) -> Finding:
        """The same as a finding of one report, which ``extract.present_checks`` puts into words."""
        cause: Literal["", "unknown"] = "unknown" if self.verdict == "fail" else ""
        return Finding(
            self.check,
            self.verdict,
            self.keys,
            exact(self.left),
            exact(self.right),
            self.message,
            cause,
            self.subject,
            self.severity,
            self.code,
        )


def caution(code: str) -> tuple[str, str]:
    """What must be read with a finding, in Chinese and English; the source is named there.

    Raises:
        KeyError: config/checks.json has no caution of that code.
    """
    zh, en = texts()["cautions"][code]
    return str(zh), str(en)


def cautions_in_words(codes: Iterable[str], *, en: bool = False) -> str:
    """All cautions of a finding, one after the other."""
    return (" " if en else "").join(caution(code)[en] for code in codes)


@cache
def texts() -> Mapping[str, Any]:
    """config/checks.json."""
    return dict(json.loads(CONFIG.read_text("utf-8")))


def exact(number: Number | None) -> int | Decimal | None:
    """Rows of a database hold floats; what is printed is a whole number or a decimal one.

    >>> exact(12.0), exact(26.55), exact(None)
    (12, Decimal('26.55'), None)
    """
    if not isinstance(number, float):
        return number
    return int(number) if number.is_integer() else Decimal(str(number))
