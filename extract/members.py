"""The document that a report was read from, where the archived original is a ZIP: for those who show originals."""

from __future__ import annotations

from crawler.sniff import media_type
from extract.decode import DecodeError
from extract.decode.archive_members import take

__all__ = ["MemberError", "member_of"]


class MemberError(Exception):
    """The ZIP has no such document; one line for a person."""


def member_of(data: bytes, member: str) -> tuple[bytes, str]:
    """A member's bytes and media type.

    Raises:
        MemberError: the ZIP has no such document, or it cannot be unpacked.
    """
    try:
        content = take(data, member)
    except DecodeError as error:
        raise MemberError(str(error)) from error
    if content is None:
        raise MemberError(f"the ZIP holds no document named {member}")
    return content, media_type(content)
