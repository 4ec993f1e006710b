"""A query as a Parquet file: typed columns, compressed, a batch of rows at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from publish.export.evidence import parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from publish.export.columns import Column

_TYPES = {
    "string": pa.string(),
    "category": pa.dictionary(pa.int32(), pa.string()),
    "integer": pa.int32(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "strings": pa.list_(pa.string()),
}
_ROWS_IN_A_GROUP = 500_000


def schema(columns: Sequence[Column]) -> pa.Schema:
    return pa.schema([(column.name, _TYPES[column.kind]) for column in columns])


def write(path: Path, columns: Sequence[Column], batches: Iterable[Any]) -> int:
    """Write record batches of these columns; the number of rows."""
    count = 0
    with pq.ParquetWriter(path, schema(columns), compression="zstd") as writer:
        for group in _groups(batches):
            table = pa.Table.from_batches(group, schema(columns)).unify_dictionaries()
            writer.write_table(table, row_group_size=_ROWS_IN_A_GROUP)
            count += table.num_rows
    return count


def _groups(batches: Iterable[Any]) -> Iterator[list[Any]]:
    """Batches together until they make a row group: small groups make a file slow to read."""
    group: list[Any] = []
    for batch in batches:
        group.append(batch)
        if sum(known.num_rows for known in group) >= _ROWS_IN_A_GROUP:
            yield group
            group = []
    if group:
        yield group


def batch(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> Any:
    """Rows as they come from the database, as one record batch; what holds JSON lists is parsed."""
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = [_array(column.kind, given) for column, given in zip(columns, values, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema(columns))


def _array(kind: str, values: Sequence[Any]) -> Any:
    if kind == "category":
        return pa.array(values, pa.string()).dictionary_encode().cast(_TYPES[kind])
    if kind == "strings":
        return pa.array(parsed(value or "null" for value in values), _TYPES[kind])
    if kind == "boolean":
        return pa.array([None if value is None else bool(value) for value in values], _TYPES[kind])
    return pa.array(values, _TYPES[kind])
