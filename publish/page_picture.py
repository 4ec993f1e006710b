"""Pages of a PDF as pictures, in a process of their own: a damaged file may crash or hang PDFium, never the site.

``page_sizes`` and ``picture`` are called by pages; ``python -m publish.page_picture`` is the other process. It reads
the PDF from standard input and writes JSON (``sizes``) or PNG (a page number) to standard output.
"""

from __future__ import annotations

import asyncio
import io
import json
import resource
import sys
from pathlib import Path

import pypdfium2

LONGEST_SIDE = 1800
"""Pixels: a page of A4 at about 150 dots an inch; larger pages are scaled down to it."""
MOST_SCALE = 3.0
SECONDS = 20
MEMORY_BYTES = 2_000_000_000
_AT_ONCE = asyncio.Semaphore(2)


class PictureError(Exception):
    """The page cannot be drawn: raised where PDFium fails, crashes, or takes too long; the original is still there."""


async def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page as shown, in points.

    Raises:
        PictureError: the file cannot be opened.
    """
    return [(width, height) for width, height in json.loads(await _ask("sizes", pdf))]


async def picture(pdf: bytes, page: int) -> bytes:
    """A page, counted from 1, as PNG; neither side is longer than LONGEST_SIDE pixels.

    Raises:
        PictureError: there is no such page, or it cannot be drawn.
    """
    return await _ask(str(page), pdf)


async def _ask(what: str, pdf: bytes) -> bytes:
    async with _AT_ONCE:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "publish.page_picture",
            what,
            cwd=Path(__file__).resolve().parent.parent,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            answer, _ = await asyncio.wait_for(process.communicate(pdf), SECONDS)
        except TimeoutError as error:
            process.kill()
            await process.wait()
            raise PictureError(f"not drawn within {SECONDS} seconds; download the original instead") from error
    if process.returncode:
        raise PictureError("PDFium cannot draw this page; download the original instead")
    return answer


def _sizes(document: pypdfium2.PdfDocument) -> bytes:
    return json.dumps([document.get_page_size(number) for number in range(len(document))]).encode()


def _png(document: pypdfium2.PdfDocument, page: int) -> bytes:
    if not 1 <= page <= len(document):
        raise PictureError(f"the file has {len(document)} pages")
    sheet = document[page - 1]
    scale = min(MOST_SCALE, LONGEST_SIDE / max(*sheet.get_size(), 1))
    output = io.BytesIO()
    sheet.render(scale=scale, may_draw_forms=False).to_pil().save(output, "PNG", optimize=False)
    return output.getvalue()


def main(what: str) -> None:
    """Answer one question about the PDF on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    sys.stdout.buffer.write(_sizes(document) if what == "sizes" else _png(document, int(what)))


if __name__ == "__main__":
    main(sys.argv[1])
