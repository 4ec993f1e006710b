"""A ZIP package with one member changed."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def changed_member(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with what ``change`` makes of that member; all others, and their order, as they were."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(file, "w") as copy:
        for info in package.infolist():
            member = package.read(info)
            copy.writestr(info, change(member) if info.filename == name else member, info.compress_type)
    return file.getvalue()
