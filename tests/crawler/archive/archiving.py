"""What the archive's tests share: an exchange, a filled site, the places of gzip members found without our own code."""

import zlib

from crawler.archive import Exchange

DATE = "2024-01-20T08:00:00Z"


def exchange(url="http://town.example/a.html", body=b"<html>a</html>", **more):
    defaults = {
        "fetched_at": DATE,
        "status": 200,
        "reason": "OK",
        "response_headers": ((b"Content-Type", b"text/html"),),
        "request_headers": ((b"Host", b"town.example"),),
    }
    return Exchange(**{"url": url, "body": body, **defaults, **more})


def fill(archive, count, site="town", start=0, **options):
    with archive.writer(site, **options) as writer:
        return [
            writer.put(exchange(f"http://town.example/{i}", b"page %d " % i * 20), "r1")
            for i in range(start, start + count)
        ]


def member_ends(data):
    """Where each gzip member ends."""
    ends = []
    while data[ends[-1] if ends else 0 :]:
        inflater = zlib.decompressobj(31)
        inflater.decompress(data[ends[-1] if ends else 0 :])
        assert inflater.eof
        ends.append(len(data) - len(inflater.unused_data))
    return ends


def the_warc(archive, site="town"):
    (path,) = (archive.root / site).glob("*.warc.gz")
    return path


def reopen(path):
    """As a killed writer leaves it."""
    return path.rename(path.with_name(path.name + ".open"))
