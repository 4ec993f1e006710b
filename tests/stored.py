"""One reading stored, for tests that look at what became of it."""

from extract.store.readings import ReadingWriter


def load_reading(db, reading, capture_id=None):
    """Store it; the id of its row."""
    ReadingWriter(db).write([[(reading, capture_id)]])
    name = [reading.sha256, reading.member, reading.reader]
    ((number,),) = db.execute("select id from readings where sha256 = ? and member = ? and reader = ?", name)
    return number
