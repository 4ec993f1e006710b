"""OFD (GB/T 33190-2016) -> Document: a ZIP of XML parts that place every character and stroke, in millimetres.

Ours, on zipfile and lxml: the readers that exist lose what a table needs (positions under a CTM, ruling lines) or are
under the AGPL. The pages become the same sheets as those of a PDF, and tables and paragraphs are found as there.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import TYPE_CHECKING

from lxml import etree

from crawler.sniff import OFD
from extract.decode.errors import DamagedDocument, EncryptedDocument, is_out_of_memory
from extract.decode.ofd_page import PAGE_SIZE, Drawing, attribute, child, children, descendants, read_size
from extract.decode.plain import plain_text
from extract.decode.sheet_blocks import document_warnings, read_sheet
from extract.decode.unzip import FAULTS
from extract.records import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

    from extract.records import Block

_MOST_BYTES = 200_000_000
_MOST_BYTES_OF_A_PART = 40_000_000
_MOST_PAGES = 500
_IS_ENCRYPTED = 0x1
_KNOWN_COMPRESSION = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def decode_ofd(data: bytes) -> Document:
    """Paragraphs and tables, page by page in reading order; of several documents in one file the first.

    Stamps and notes laid over the pages (annotations) are no part of what was written and are left out, with a warning.

    Raises:
        EncryptedDocument: its parts are encrypted.
        DamagedDocument: the package or a part is not whole, or unpacks to more than 200 MB, or has more than 500 pages.
    """
    try:
        package = _Package(data)
        return _Reader(package).document()
    except (
        *FAULTS,
        etree.LxmlError,
        RecursionError,
    ) as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        reason = str(error.args[0]) if error.args else repr(error)
        raise DamagedDocument(f"an OFD that cannot be read ({reason}); fetch it again or save it anew") from error


class _Package:
    """The parts by name: any case, either slash, from the root or beside the part that names them."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._parts = {_plain(part.filename): part for part in self._archive.infolist()}
        size = sum(part.file_size for part in self._parts.values())
        if size > _MOST_BYTES:
            raise ValueError(f"it unpacks to {size // 1_000_000} MB")
        if any(posixpath.basename(name) == "encryptions.xml" for name in self._parts) or any(
            part.flag_bits & _IS_ENCRYPTED for part in self._parts.values()
        ):
            raise EncryptedDocument("an encrypted OFD; ask for a copy that is not")

    def find(self, location: str, *folders: str) -> str | None:
        """The name of the part at a location (ST_Loc) seen from the first of these folders where there is one."""
        location = location.strip().replace("\\", "/")
        tried = (_plain(posixpath.join("/", folder, location)) for folder in (*folders, ""))
        return next((name for name in tried if name in self._parts), None)

    def read(self, location: str, *folders: str) -> tuple[_Element, str]:
        """The root element of a part, and the folder that it is in."""
        name = self.find(location, *folders)
        if name is None:
            raise ValueError(f"the part {location.strip()} is missing")
        part = self._parts[name]
        if part.file_size > _MOST_BYTES_OF_A_PART or part.compress_type not in _KNOWN_COMPRESSION:
            raise ValueError(f"the part {location.strip()} is larger than any real one, or packed in no known way")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
        )
        return etree.fromstring(self._archive.read(part), parser), posixpath.dirname(name)


def _plain(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()


class _Reader:
    """One document of a package: its pages, and what they share (templates, composite objects, the usual size)."""

    def __init__(self, package: _Package) -> None:
        self._package = package
        self._warnings: list[str] = []
        self._unread: set[int] = set()
        root, _ = package.read("OFD.xml")
        bodies = list(children(root, "DocBody"))
        if not bodies:
            raise ValueError("it names no document")
        if len(bodies) > 1:
            self._warnings.append(f"the file holds {len(bodies)} documents: only the first was read")
        self._title = (_text(child(bodies[0], "DocInfo", "Title"))).strip()
        self._document, self._folder = package.read(_text(child(bodies[0], "DocRoot")))
        self._size = read_size(child(self._document, "CommonData", "PageArea")) or PAGE_SIZE
        self._templates = {
            attribute(template, "ID"): attribute(template, "BaseLoc")
            for template in descendants(child(self._document, "CommonData"), "TemplatePage")
        }
        self._drawn_templates: dict[str, _Element | None] = {}
        shared = child(self._document, "CommonData")
        self._shared = self._composites(shared, ("PublicRes", "DocumentRes"), self._folder)

    def document(self) -> Document:
        pages = list(descendants(child(self._document, "Pages"), "Page"))
        if len(pages) > _MOST_PAGES:
            raise ValueError(f"{len(pages)} pages are no annual report; at most {_MOST_PAGES} are read")
        blocks: list[Block] = []
        drawing = Drawing()
        for number, page in enumerate(pages, 1):
            blocks.extend(self._page(page, number, drawing))
        self._warnings.extend(document_warnings(blocks))
        if self._has_annotations():
            self._warnings.append("stamps and notes laid over the pages (annotations) were left out")
        warnings, unread = tuple(self._warnings), frozenset(self._unread)
        return Document(OFD, tuple(blocks), plain_text(blocks), self._title, warnings=warnings, unread=unread)

    def _page(self, page: _Element, number: int, drawing: Drawing) -> tuple[Block, ...]:
        root, folder = self._package.read(attribute(page, "BaseLoc"), self._folder)
        used = [
            (attribute(use, "ZOrder"), self._template(attribute(use, "TemplateID"), number))
            for use in children(root, "Template")
        ]
        templates = [(order, template) for order, template in used if template is not None]
        size = next(
            (size for part in (root, *(t for _, t in templates)) if (size := read_size(child(part, "Area")))),
            self._size,
        )
        behind = [template for order, template in templates if order != "Foreground"]
        before = [template for order, template in templates if order == "Foreground"]
        composites = self._shared | self._composites(root, ("PageRes",), folder, self._folder)
        try:
            sheet = drawing.sheet([*behind, root, *before], size, composites)
        except ValueError as error:
            raise ValueError(f"page {number}: {error}") from error
        self._warnings.extend(f"page {number}: {warning}" for warning in drawing.take_warnings())
        read = read_sheet(sheet, number)
        self._warnings.extend(read.warnings)
        if read.has_unread or not sheet.glyphs:
            self._unread.add(number)
        return read.blocks

    def _template(self, identifier: str, page: int) -> _Element | None:
        if identifier not in self._drawn_templates:
            location = self._templates.get(identifier, "")
            found = bool(location) and self._package.find(location, self._folder) is not None
            self._drawn_templates[identifier] = self._package.read(location, self._folder)[0] if found else None
        if self._drawn_templates[identifier] is None:
            self._warnings.append(f"page {page}: its template is missing in the file")
        return self._drawn_templates[identifier]

    def _composites(self, parent: _Element | None, names: tuple[str, ...], *folders: str) -> dict[str, _Element]:
        """Composite objects by id, from the resource files that an element names."""
        found: dict[str, _Element] = {}
        for reference in (reference for name in names for reference in children(parent, name)):
            if self._package.find(_text(reference), *folders) is None:
                continue  # fonts and pictures are of no use here; a composite object that is missed is told when used
            resources, _ = self._package.read(_text(reference), *folders)
            for unit in descendants(resources, "CompositeGraphicUnit"):
                found[attribute(unit, "ID")] = unit
        return found

    def _has_annotations(self) -> bool:
        location = _text(child(self._document, "Annotations"))
        if not location.strip() or self._package.find(location, self._folder) is None:
            return False
        return any(True for _ in children(self._package.read(location, self._folder)[0], "Page"))


def _text(element: _Element | None) -> str:
    return (element.text or "") if element is not None else ""
