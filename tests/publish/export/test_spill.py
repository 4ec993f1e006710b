"""What is put aside comes back as it was, and the columns are known."""

from hypothesis import given, settings
from hypothesis import strategies as st

from publish.export.spill import Spill

VALUES = st.one_of(st.none(), st.text(), st.integers(-(2**40), 2**40), st.floats(allow_nan=False))


@settings(max_examples=50, deadline=None)
@given(batches=st.lists(st.lists(st.lists(VALUES, min_size=3, max_size=3), max_size=4), max_size=4))
def test_rows_come_back(batches, tmp_path_factory):
    with Spill(tmp_path_factory.getbasetemp(), 3) as spill:
        for batch in batches:
            spill.add(batch)
        assert [row for batch in spill.batches() for row in batch] == [row for batch in batches for row in batch]
        assert spill.rows == sum(map(len, batches))


def test_what_columns_hold(tmp_path):
    with Spill(tmp_path, 4) as spill:
        spill.add([["砚池", 1, 2.5, 2**31], ["a", "d", 1, 0]])
        assert spill.widths == [6, 1, 0, 0]
        assert spill.is_whole == [True, True, False, False]
