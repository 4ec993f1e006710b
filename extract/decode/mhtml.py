"""MHTML (RFC 2557) -> Document: what Word saves as "single file web page", often under the name .doc or .mht."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.sniff import MHTML
from extract.decode.errors import DamagedDocument
from extract.decode.html import decode_html

if TYPE_CHECKING:
    from extract.records import Document


def decode_mhtml(data: bytes) -> Document:
    """The Document of the archive's first page; its pictures and style sheets are not read.

    Raises:
        DamagedDocument: no page is left in it.
    """
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
    except RecursionError as error:
        raise DamagedDocument("a web archive (.mht) of parts within parts without end; save it as .docx") from error
    pages = (part for part in message.walk() if part.get_content_type() in {"text/html", "application/xhtml+xml"})
    body = next((part.get_payload(decode=True) for part in pages), None)
    if not isinstance(body, bytes) or not body.strip():
        raise DamagedDocument("a web archive (.mht) without a page in it; fetch it again or save it as .docx")
    return replace(decode_html(body), media_type=MHTML)
