"""A document and a seed -> a mutated document. One file a format; ``damage`` is for all of them.

A mutation of structure changes what stands around the statutory tables and leaves what they state: it must be read to
the same cells. Formats without one are only damaged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.mutate.docx import mutate_docx
from benchmarks.mutate.html import mutate_html, mutate_mht
from benchmarks.mutate.odt import mutate_odt
from benchmarks.mutate.text import mutate_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from extract.records import Reading

STRUCTURE: dict[str, Callable[[bytes, Reading, Random], bytes]] = {
    "html": mutate_html,
    "mht": mutate_mht,
    "docx": mutate_docx,
    "odt": mutate_odt,
    "text": mutate_text,
}
"""By format: bytes, their reading (which tells where the statutory cells are) and a source of chance -> bytes."""
