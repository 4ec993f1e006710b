"""CITATION.cff: how to cite an export."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FIELDS = {
    "cff-version": "1.2.0",
    "message": "If you use these data, please cite this release, and the report_key of single reports.",
    "type": "dataset",
    "title": "Gongkai: annual reports on open government information work of China's administrative agencies",
    "authors": [{"name": "The Gongkai contributors"}],
    "keywords": ["open government information", "政府信息公开工作年度报告", "China", "panel data"],
}


def write_citation(path: Path, release: str) -> None:
    """Write it; its version is the date of the newest capture. JSON is YAML, so no other writer is needed."""
    fields = {**_FIELDS, "version": release, "date-released": release}
    path.write_text("".join(f"{k}: {json.dumps(v, ensure_ascii=False)}\n" for k, v in fields.items()), "utf-8")
