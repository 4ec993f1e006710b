import io
import zipfile

import pytest

from extract.decode import DamagedDocument, EncryptedDocument
from extract.decode.unzip import open_zip, read_member


def a_zip(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return file.getvalue()


def test_members_are_read():
    assert read_member(open_zip(a_zip(a=b"x" * 5000)), "a") == b"x" * 5000


def test_no_more_is_unpacked_than_is_allowed():
    with pytest.raises(DamagedDocument, match="unpacks to 3 MB"):
        open_zip(a_zip(a=bytes(2_000_000), b=bytes(1_500_000)), most_bytes=3_000_000)


def test_a_member_that_packs_too_well_is_a_bomb():
    with pytest.raises(DamagedDocument, match="a unpacks to 30 MB"):
        read_member(open_zip(a_zip(a=bytes(30_000_000))), "a")


@pytest.mark.parametrize("stated", [10, 1 << 30])
def test_a_size_that_lies_is_damage(stated):
    data = a_zip(a=bytes(range(256)) * 4000)
    size = (256 * 4000).to_bytes(4, "little")
    assert data.count(size) == 2
    with pytest.raises(DamagedDocument, match="cannot be opened"):
        read_member(open_zip(data.replace(size, stated.to_bytes(4, "little")), most_bytes=1 << 31), "a")


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", a_zip(a=b"x" * 100)[:-10], b"x" * 100], ids=["empty", "head", "cut", "text"]
)
def test_no_zip_is_damaged(data):
    with pytest.raises(DamagedDocument, match="save it again"):
        open_zip(data)


def test_a_missing_member_and_a_flipped_byte_are_damage():
    data = bytearray(a_zip(a=bytes(range(200))))
    with pytest.raises(DamagedDocument, match="cannot be opened"):
        read_member(open_zip(bytes(data)), "b")
    data[40] ^= 0xFF
    with pytest.raises(DamagedDocument, match="cannot be opened"):
        read_member(open_zip(bytes(data)), "a")


def test_a_password_of_the_zip_is_told():
    data = bytearray(a_zip(a=b"x"))
    directory = data.find(b"PK\x01\x02")
    data[directory + 8] |= 1
    with pytest.raises(EncryptedDocument, match="password"):
        read_member(open_zip(bytes(data)), "a")
