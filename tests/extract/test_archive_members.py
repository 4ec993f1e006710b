"""ZIP: what is in it is a document of its own, whatever its name is written in, and nothing unpacks without end."""

import io
import random
import zipfile

import pytest

from extract import archive_members as archive
from extract.archive_members import ZipError, members, take

PAGE = b"<html><p>2023</p></html>"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)


def packed(*files, method=zipfile.ZIP_DEFLATED):
    """A ZIP of (name, content); a name given as bytes stands in it as those bytes, without the UTF-8 flag."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for index, (name, content) in enumerate(files):
            package.writestr(f"{index:0{len(name)}}" if isinstance(name, bytes) else name, content)
    data = out.getvalue()
    for index, (name, _) in enumerate(files):
        if isinstance(name, bytes):
            data = data.replace(f"{index:0{len(name)}}".encode(), name)
    return data


def seen(data):
    return [(m.name, m.left or m.error or len(m.data)) for m in members(data)]


def test_names_in_gbk_and_in_utf8_and_what_systems_leave_behind():
    data = packed(
        ("单位/", b""),
        ("单位/县局.html".encode("gbk"), PAGE),
        ("乡镇.html", PAGE),
        ("a\\b.html", PAGE),
        ("__MACOSX/._a.html", PAGE),
        (".DS_Store", b"x"),
        ("../../etc/c.html", PAGE),
    )
    assert [name for name, _ in seen(data)] == ["单位/县局.html", "乡镇.html", "a/b.html", "etc/c.html"]


def test_what_is_no_document_is_named_with_the_reason():
    data = packed(("a.html", PAGE), ("b.png", PICTURE), ("c.bin", random.Random(1).randbytes(900)), ("d.txt", b""))
    assert seen(data)[1:] == [("b.png", "a picture"), ("c.bin", "no document of a known format"), ("d.txt", "empty")]


def test_zips_within_two_deep_and_one_name_twice():
    inner = packed(("c.html", PAGE))
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = packed(
            ("a.html", PAGE),
            ("a.html", PAGE + b"2"),
            ("x.zip", packed(("y.zip", inner), ("z.zip", packed(("q.zip", inner))))),
        )
    assert seen(data) == [
        ("a.html", 24),
        ("a.html (2)", 25),
        ("x.zip!/y.zip!/c.html", 24),
        ("x.zip!/z.zip!/q.zip", "application/zip, which is not unpacked"),
    ]
    assert take(data, "a.html (2)") == PAGE + b"2"
    assert take(data, "x.zip!/y.zip!/c.html") == PAGE
    assert take(data, "x.zip!/z.zip!/q.zip") is None
    assert take(data, "nothing.html") is None


def test_a_member_under_a_password_and_one_that_is_damaged_cost_only_themselves():
    data = bytearray(packed(("a.html", PAGE), ("b.html", PAGE * 9), ("c.html", PAGE), method=zipfile.ZIP_STORED))
    data[data.index(PAGE * 9) + 3] ^= 1
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    found = list(members(bytes(data)))
    assert "password" in found[0].error
    assert "cannot be unpacked" in found[1].error
    assert found[2].data == PAGE
    with pytest.raises(ZipError, match="password"):
        take(bytes(data), "a.html")


def test_what_would_fill_the_memory_is_left(monkeypatch):
    bomb = packed(("a.html", bytes(40 << 20)), ("b.html", PAGE))
    ((_, left), (_, size)) = seen(bomb)
    assert "times its size" in left
    assert size == len(PAGE)
    monkeypatch.setattr(archive, "_MOST_BYTES", 20)
    assert seen(packed(("a.html", PAGE))) == [("a.html", "too large (0 MB)")]
    many = packed(*((f"{n}.html", b"") for n in range(205)))
    assert seen(many)[-1] == ("204.html", "more than 200 files")
    assert seen(many)[199] == ("199.html", "empty")


def test_packages_of_office_programs_are_no_folders_of_documents():
    with pytest.raises(ZipError, match="office program"):
        list(members(packed(("[Content_Types].xml", b"<x/>"), ("ppt/slide.xml", b"<x/>"))))
    with pytest.raises(ZipError, match="cannot be opened"):
        list(members(packed(("a.html", PAGE))[:-30]))


def test_flipped_bytes_give_members_or_an_error():
    chance = random.Random(11)
    whole = packed(("单位/县局.html".encode("gbk"), PAGE * 20), ("x.zip", packed(("y.html", PAGE))), ("b.png", PICTURE))
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            names = [member.name for member in members(bytes(data))]
        except ZipError as error:
            assert str(error)  # noqa: PT017  # either outcome is right
        else:
            assert len(names) == len(set(names))
