"""datapackage.json (frictionless): every file with its digest, every column with its type and meaning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from publish.export.place import MARK, NAME
from publish.export.variables import ABOUT, label, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from publish.export.columns import Column
    from publish.export.variables import Variable

_PROFILE = "data-package"
_TYPES = {"category": "string", "strings": "array"}
_MEDIA = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".dta": "application/x-stata-dta",
    ".md": "text/markdown",
    ".cff": "application/yaml",
}

Field = dict[str, Any]


def write_datapackage(
    folder: Path, release: str, digests: Mapping[str, str], schemas: Mapping[str, Sequence[Field]]
) -> None:
    """Write it; by file name, ``digests``: the SHA-256 of each, ``schemas``: the fields of each that is a table."""
    package = {
        "profile": _PROFILE,
        "name": NAME,
        "title": "政府信息公开工作年度报告 / Annual reports on open government information work",
        "version": release,
        "created": f"{release}T00:00:00Z",
        "keywords": ["政府信息公开", "open government information", "China"],
        "resources": [_resource(folder / name, digest, schemas.get(name)) for name, digest in digests.items()],
    }
    (folder / MARK).write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", "utf-8")


def panel_fields(columns: Sequence[Variable]) -> list[Field]:
    """The columns of panel.csv."""
    about = [_field(column.name, column.kind, *words(column)) for column in ABOUT]
    cells = [_field(cell.name, cell.type, label(cell, "zh"), label(cell, "en")) | {"key": cell.key} for cell in columns]
    about[0]["constraints"] = {"required": True, "unique": True}
    return about + cells


def fields(columns: Sequence[Column]) -> list[Field]:
    """The columns of a long file."""
    return [_field(column.name, column.kind, *column.words()) for column in columns]


def text_fields(names: Sequence[str]) -> list[Field]:
    """Columns that all hold text, and whose names say what they are."""
    return [{"name": name, "type": "string"} for name in names]


def _field(name: str, kind: str, zh: str, en: str) -> Field:
    return {"name": name, "type": _TYPES.get(kind, kind), "title": zh, "description": en}


def _resource(path: Path, digest: str, schema: Sequence[Field] | None) -> dict[str, Any]:
    is_csv = path.suffix == ".csv"
    resource: dict[str, Any] = {
        "name": path.name.lower().replace(".", "-").replace("_", "-"),
        "path": path.name,
        "profile": "tabular-data-resource" if is_csv else "data-resource",
        "type": "table" if is_csv else "file",
        "format": path.suffix[1:],
        "mediatype": _MEDIA.get(path.suffix, "application/octet-stream"),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
    }
    if is_csv:
        resource |= {"encoding": "utf-8", "dialect": {"delimiter": ",", "lineTerminator": "\n"}}
    if schema and is_csv:
        resource["schema"] = {"fields": list(schema), "missingValues": [""]}
    elif schema:
        resource["columns"] = list(schema)
    return resource
