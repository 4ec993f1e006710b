"""The dataset as files: panel CSV and Stata, long Parquet tables, codebook, data package."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from publish.export.build import Exported


def export(database: Path, folder: Path) -> Exported:
    """Export the database into ``folder``; see ``publish.export.build``.

    Raises:
        ExportError: there is no such database, or ``folder`` holds something that is no export.
    """
    from publish.export.build import build  # noqa: PLC0415  # the command line knows this package, and starts at once

    return build(database, folder)
