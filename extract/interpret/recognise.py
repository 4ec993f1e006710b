"""Which form a document prints: told by its labels, never by the year or by the document number it cites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.interpret.labels import squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.forms import Form
    from extract.interpret.rows import Row


def recognise(rows: Sequence[Row], forms: Sequence[Form]) -> Form | None:
    """The form with the most signatures among the printed labels; None where no signature is printed in a table."""
    printed = squeeze("\n".join(cell.text for row in rows for cell in row.cells))
    counts = {form.id: sum(signature in printed for signature in form.signatures) for form in forms}
    best = max(forms, key=lambda form: counts[form.id], default=None)
    return best if best is not None and counts[best.id] else None
