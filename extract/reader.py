"""Which reader read a document: the version of what its format's reading rests on, told from the source itself.

A reader that was mended reads again, whether or not anyone thought of a new version; and only the documents that it
may read otherwise: a change in how PDF is decoded says nothing about web pages.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from crawler import sniff
from extract.decode import DECODERS
from extract.decode.picture import can_recognise
from extract.fact_rules import CONFIG as FACT_RULES
from extract.forms import CONFIG

_HERE = Path(__file__).resolve().parent
_DECODE = _HERE / "decode"
_UNDERSTANDING = ("interpret", "reconcile")
_JOINING = ("reading.py", "reader.py", "archive_members.py", "names.py", "second_opinion.py", "suspicion.py")
_SECOND = "pdf_second"
_RECOGNITION = "scan"


@cache
def reader_version(media_type: str = "") -> str:
    """The version that reads documents of that type: the package's, and a digest of its decoder and of all steps after.

    Of an unknown type, and of a package of documents, the digest is of every decoder. ``.ocr``: pictures are read.
    """
    modules = decoding(media_type)
    sources = [_DECODE / f"{name}.py" for name in sorted(modules)]
    sources += [path for folder in _UNDERSTANDING for path in sorted((_HERE / folder).rglob("*.py"))]
    sources += [*(_HERE / name for name in _JOINING), Path(sniff.__file__)]
    digest = _digest([*sorted(CONFIG.glob("*.json")), FACT_RULES, *sources])
    recognises = _RECOGNITION in modules and can_recognise()
    return f"gongkai-{version('gongkai')}+{digest}{'.ocr' if recognises else ''}"


@cache
def source_digest(*names: str) -> str:
    """Of the forms, the fact rules and the source of these parts of extract/: eight hexadecimal digits."""
    paths = [path for name in names for path in sorted((_HERE / name).rglob("*.py"))]
    paths += [_HERE / name for name in names if name.endswith(".py")]
    return _digest([*sorted(CONFIG.glob("*.json")), FACT_RULES, *paths])


def decoding(media_type: str) -> frozenset[str]:
    """The modules of extract/decode that documents of that type go through."""
    decoder = DECODERS.get(media_type)
    if decoder is None:
        return frozenset(path.stem for path in _DECODE.glob("*.py"))
    first = [decoder.__module__.rpartition(".")[2], *([_SECOND] if media_type == sniff.PDF else ())]
    found = {"__init__"}
    while first:
        module = first.pop()
        if module not in found:
            found.add(module)
            first += imported(module)
    return frozenset(found)


@cache
def imported(module: str) -> tuple[str, ...]:
    """The modules of extract/decode that one of them imports, at its head or within a function."""
    tree = ast.parse((_DECODE / f"{module}.py").read_text("utf-8"))
    names = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    inside = (name.removeprefix("extract.decode.") for name in names if name.startswith("extract.decode."))
    return tuple(sorted(set(inside)))


def _digest(paths: list[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:8]
