"""cells.parquet: every cell of every report with its place in the document, and where the document came from."""

from __future__ import annotations

from publish.export.columns import Column

COLUMNS = (
    Column("report_key", "category", "reports.report_key"),
    Column("form", "category", "readings.form"),
    Column("key", "category", "cells.key"),
    Column("value", "number", "数字，更正已计入 / the number, corrections applied"),
    Column("value_read", "number", "读出的数字，更正之前 / the number as read, before any correction"),
    Column("state", "category", "cells.state"),
    Column("raw", "category", "cells.raw"),
    Column("corrected", "boolean", "是否经人审定更正 / whether a reviewed decision corrected it"),
    Column("confidence", "number", "cells.confidence"),
    Column("page", "integer", "cells.page"),
    Column("left", "number", "cells.left"),
    Column("top", "number", "cells.top"),
    Column("right", "number", "cells.right"),
    Column("bottom", "number", "cells.bottom"),
    Column("table_index", "integer", "cells.table_index"),
    Column("row_index", "integer", "cells.row_index"),
    Column("column_index", "integer", "cells.column_index"),
    Column("start", "integer", "cells.start"),
    Column("end", "integer", "cells.end"),
    Column("reason", "category", "cells.reason"),
    Column("sha256", "category", "readings.sha256"),
    Column("member", "category", "readings.member"),
    Column("url", "category", "report_documents.url"),
    Column("captured_at", "category", "report_documents.first_seen"),
    Column("reader", "category", "readings.reader"),
)
