"""勾稽关系: the sums that the form prints or implies, tested over the printed numbers of one report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from extract.reconcile.sums import STATISTICS, Sides, assess, keys_of, numbers_of, sides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.forms import Form
    from extract.records import Finding, Report


def check_identities(report: Report, form: Form, _text: str) -> Iterator[Finding]:
    """One finding for each identity and column, row or route that is printed; none for a report without cells."""
    if not report.cells:
        return
    numbers = numbers_of(report)
    for identity in form.identities:
        if not identity.previous and identity.table != STATISTICS:
            for tested in sides(identity, form, report.cells):
                yield assess(identity, tested, numbers)


def check_statistics(report: Report, form: Form, _text: str) -> Iterator[Finding]:
    """The sums of the older statistics table, over the year's figures.

    A row that is printed twice (the government's own level, and its territory) has no one figure: not assessable.
    """
    if not report.statistics:
        return
    often = Counter(row.key for row in report.statistics)
    numbers = {row.key: row.value for row in report.statistics if often[row.key] == 1}
    for identity in form.identities:
        if identity.table == STATISTICS and not identity.previous:
            tested = Sides(keys_of(identity.right)[0], identity.left, identity.right)
            yield assess(identity, tested, numbers)
