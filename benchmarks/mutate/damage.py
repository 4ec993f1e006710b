"""Bytes flipped, cut, doubled and moved, as by a torn download or a bad disk; in packages, within a member as well."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_ZIP = b"PK\x03\x04"


def damage(data: bytes, chance: Random) -> bytes:
    """The bytes with one to four faults; of a ZIP mostly those of one member, packed again as if whole."""
    if data.startswith(_ZIP) and chance.random() < 0.7:
        return _damaged_member(data, chance)
    for _ in range(chance.choice((1, 1, 2, 4))):
        data = chance.choice(_FAULTS)(data, chance)
    return data


def _damaged_member(data: bytes, chance: Random) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as copy:
        names = package.namelist()
        # The large members are those that hold the text.
        hit = chance.choices(names, [package.getinfo(name).file_size + 1 for name in names])[0]
        for name in names:
            member = package.read(name)
            copy.writestr(name, chance.choice(_FAULTS)(member, chance) if name == hit else member)
    return file.getvalue()


def _slice(data: bytes, chance: Random, most: int) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.randint(1, most))


def _flip(data: bytes, chance: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 8, 64))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _overwrite(data: bytes, chance: Random) -> bytes:
    start, end = _slice(data, chance, 64)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def _cut_end(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _cut_out(data: bytes, chance: Random) -> bytes:
    start, end = _slice(data, chance, 2000)
    return data[:start] + data[end:]


def _double(data: bytes, chance: Random) -> bytes:
    start, end = _slice(data, chance, 2000)
    return data[:end] + data[start:end] * chance.choice((1, 1, 50)) + data[end:]


def _move(data: bytes, chance: Random) -> bytes:
    start, end = _slice(data, chance, 2000)
    rest = data[:start] + data[end:]
    at = chance.randrange(len(rest) + 1)
    return rest[:at] + data[start:end] + rest[at:]


def _insert(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    odd = (
        b"\0" * 10,
        b"<table>",
        b"</td>",
        b"</table>",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"\xff\xfe",
        b"9" * 400,
        b"&#0;",
        b"%",
    )
    return data[:at] + chance.choice(odd) + data[at:]


_FAULTS: tuple[Callable[[bytes, Random], bytes], ...] = (_flip, _overwrite, _cut_end, _cut_out, _double, _move, _insert)
