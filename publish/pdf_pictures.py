"""A page of an archived PDF -> its picture, bounded in size, time and memory.

PDFium reads what strangers wrote. It works in a process of its own for each question: a file that crashes or hangs it
costs one picture, never the site. That process is ``python -m publish.pdf_pictures``: a PDF on standard input, JSON or
PNG on standard output.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pypdfium2

MOST_PIXELS = 2_000_000
SECONDS = 20
MOST_BYTES = 2_000_000_000
"""Address space of the process that draws."""
_WANTED_SCALE = 1.6
_REFUSED = 3
_ROOT = Path(__file__).resolve().parent.parent
# Drawing is work: a crowd of visitors waits in line instead of taking every processor.
_AT_ONCE = threading.BoundedSemaphore(2)


class PictureError(Exception):
    """The PDF, or that page of it, cannot be drawn; shown to the reader as a page that says so."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The size of a page as shown, in points, and how many pages there are."""

    width: float
    height: float
    pages: int


def measure(data: bytes, page: int) -> Sheet:
    """The size of a page (counted from 1).

    Raises:
        PictureError: no such page, or the PDF is damaged.
    """
    return Sheet(*json.loads(_ask("measure", page, data)))


def draw(data: bytes, page: int) -> bytes:
    """A page as PNG, at most ``MOST_PIXELS`` large whatever size the document claims.

    Raises:
        PictureError: no such page, or it cannot be drawn within ``SECONDS`` and ``MOST_BYTES``.
    """
    return _ask("draw", page, data)


def _ask(what: str, page: int, data: bytes) -> bytes:
    command = [sys.executable, "-m", "publish.pdf_pictures", what, str(page)]
    try:
        with _AT_ONCE:
            done = subprocess.run(  # noqa: S603  # our own module and a page number
                command, input=data, capture_output=True, timeout=SECONDS, cwd=_ROOT, check=False
            )
    except subprocess.TimeoutExpired as error:
        raise PictureError(f"page {page} is not drawn within {SECONDS} seconds") from error
    if done.returncode == _REFUSED:
        raise PictureError(done.stderr.decode("utf-8", "replace").strip())
    if done.returncode:
        raise PictureError(f"page {page} cannot be drawn: the PDF library gave up on it")
    return done.stdout


def _measured(pdf: pypdfium2.PdfDocument, page: int) -> bytes:
    return json.dumps([*_opened(pdf, page).get_size(), len(pdf)]).encode()


def _drawn(pdf: pypdfium2.PdfDocument, page: int) -> bytes:
    opened = _opened(pdf, page)
    width, height = opened.get_size()
    scale = min(_WANTED_SCALE, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
    out = io.BytesIO()
    opened.render(scale=scale).to_pil().convert("RGB").quantize(64).save(out, "PNG", optimize=False)
    return out.getvalue()


def _opened(pdf: pypdfium2.PdfDocument, page: int) -> pypdfium2.PdfPage:
    if not 1 <= page <= len(pdf):
        raise PictureError(f"there is no page {page}: the document has {len(pdf)}")
    return pdf[page - 1]


def main(what: str, page: int) -> int:
    """Answer one question about the PDF on standard input; the exit status, with the reason on standard error."""
    import resource  # noqa: PLC0415  # only this process is limited, and it is not on every system

    import pypdfium2  # noqa: PLC0415  # the site itself never loads it

    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    try:
        pdf = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        sys.stdout.buffer.write((_measured if what == "measure" else _drawn)(pdf, page))
    except PictureError as error:
        print(error, file=sys.stderr)
        return _REFUSED
    except (pypdfium2.PdfiumError, ValueError) as error:
        print(f"it cannot be opened ({error})", file=sys.stderr)
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
