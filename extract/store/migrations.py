"""The schema of archive.db, as functions that are applied once each and never changed after release.

Names explain themselves, one fact stands in one place, NULL never means 0. The keys of the form's cells are frozen
here as columns; a test holds them against config/forms. Public ids (``report_key``, sha256) come from content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Migrations

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("gongkai")

# fmt: off
DISCLOSURE = (
    "rules_issued", "rules_repealed", "rules_in_force", "normdocs_issued", "normdocs_repealed", "normdocs_in_force",
    "licensing_decisions", "penalty_decisions", "coercion_decisions", "admin_fees_wan",
)
# fmt: on
# fmt: off
REQUESTS = (
    "received_new", "carried_in", "granted", "granted_partly", "denied_state_secret", "denied_law_forbids",
    "denied_three_securities_stability", "denied_third_party", "denied_internal_affairs", "denied_process",
    "denied_enforcement_file", "denied_admin_query", "unavailable_not_held", "unavailable_needs_creation",
    "unavailable_unclear", "rejected_petition", "rejected_repeat", "rejected_publication", "rejected_excessive",
    "rejected_reconfirm", "other_all", "other_no_correction", "other_fee_unpaid", "other_other", "outcome_total",
    "carried_out",
)
# fmt: on
DISPUTES = ["upheld", "corrected", "other", "pending", "total"]


@migrations()
def what_the_crawl_brought(db: Database) -> None:
    """Sites, runs, listings, captures: the archive's records as rows."""
    _create(
        db,
        "sites",
        {"id": str, "name": str, "agency": str, "level": str, "region_code": str, "family": str, "start_url": str},
    )
    _create(
        db,
        "runs",
        {
            "run_id": str,
            "site_id": str,
            "started_at": str,
            "finished_at": str,
            "code_version": str,
            "finish_reason": str,
            "verdict": str,
            "counts": str,
        },
        pk="run_id",
        foreign_keys=[("site_id", "sites", "id")],
    )
    _create(
        db,
        "listings",
        {
            "id": int,
            "run_id": str,
            "site_id": str,
            "url": str,
            "title": str,
            "found_on": str,
            "verdict": str,
            "reason": str,
            "published_on": str,
            "publisher": str,
            "attachments": str,
        },
        foreign_keys=[("site_id", "sites", "id")],
    )
    db.table("listings").create_index(["url"])
    _create(
        db,
        "captures",
        {
            "id": int,
            "run_id": str,
            "site_id": str,
            "url": str,
            "fetched_at": str,
            "status": int,
            "claimed_type": str,
            "sniffed_type": str,
            "size": int,
            "sha256": str,
            "warc": str,
            "offset": int,
            "length": int,
            "record_id": str,
            "revisit_of": str,
            "location": str,
            "truncated": int,
            "failure": str,
            "message": str,
        },
        foreign_keys=[("site_id", "sites", "id")],
    )
    db.table("captures").create_index(["url"])
    db.table("captures").create_index(["sha256"])
    _create(db, "archive_files", {"warc": str, "site_id": str, "bytes_loaded": int}, pk="warc")


@migrations()
def what_was_read(db: Database) -> None:
    """Documents, their readings, and the numbers, sections and findings of each reading."""
    _create(
        db,
        "documents",
        {"sha256": str, "member": str, "size": int, "media_type": str, "text": str, "first_capture_id": int},
        pk=("sha256", "member"),
        foreign_keys=[("first_capture_id", "captures", "id")],
    )
    _create(
        db,
        "readings",
        {
            "id": int,
            "sha256": str,
            "member": str,
            "reader": str,
            "kind": str,
            "reason": str,
            "error": str,
            "form": str,
            "issuer_printed": str,
            "title": str,
            "year": int,
            "scope": str,
            "published_on": str,
            "signed_on": str,
            "confidence": float,
            "warnings": str,
        },
    )
    db.table("readings").create_index(["sha256", "member", "reader"], unique=True)
    by_reading = [("reading_id", "readings", "id")]
    amounts = {name: float if name == "admin_fees_wan" else int for name in DISCLOSURE}
    _create(db, "reading_disclosure", {"reading_id": int, **amounts}, pk="reading_id", foreign_keys=by_reading)
    _create(
        db,
        "reading_requests",
        {"reading_id": int, "applicant": str, **dict.fromkeys(REQUESTS, int)},
        pk=("reading_id", "applicant"),
        foreign_keys=by_reading,
    )
    _create(
        db,
        "reading_disputes",
        {"reading_id": int, "route": str, **dict.fromkeys(DISPUTES, int)},
        pk=("reading_id", "route"),
        foreign_keys=by_reading,
    )
    _create(
        db,
        "reading_statistics",
        {
            "reading_id": int,
            "position": int,
            "key": str,
            "label": str,
            "unit": str,
            "value": float,
            "cumulative": float,
        },
        pk=("reading_id", "position"),
        foreign_keys=by_reading,
    )
    places = {"page": int, "left": float, "top": float, "right": float, "bottom": float}
    places |= {"table_index": int, "row_index": int, "column_index": int, "start": int, "end": int}
    _create(
        db,
        "cells",
        {
            "reading_id": int,
            "key": str,
            "raw": str,
            "state": str,
            "value": float,
            "confidence": float,
            **places,
            "reason": str,
        },
        pk=("reading_id", "key"),
        foreign_keys=by_reading,
    )
    _create(
        db, "sections", {"reading_id": int, "key": str, "text": str}, pk=("reading_id", "key"), foreign_keys=by_reading
    )
    _create(
        db,
        "facts",
        {
            "id": int,
            "reading_id": int,
            "key": str,
            "value": float,
            "raw": str,
            "unit": str,
            "sentence": str,
            "start": int,
            "end": int,
        },
        foreign_keys=by_reading,
    )
    _create(
        db,
        "findings",
        {
            "id": int,
            "reading_id": int,
            "check_id": str,
            "subject": str,
            "verdict": str,
            "left_value": float,
            "right_value": float,
            "keys": str,
            "message": str,
            "cause": str,
        },
        foreign_keys=by_reading,
    )
    db.table("findings").create_index(["reading_id", "verdict"])


@migrations()
def what_it_adds_up_to(db: Database) -> None:
    """Reports and what people decide or expect of them; agencies and regions; the codebook."""
    _create(
        db,
        "agencies",
        {"id": int, "agency_key": str, "name": str, "level": str, "region_code": str, "site_id": str, "basis": str},
    )
    db.table("agencies").create_index(["agency_key"], unique=True)
    _create(
        db,
        "regions",
        {"id": int, "code": str, "name": str, "level": str, "parent_id": int, "valid_from": str, "valid_to": str},
        foreign_keys=[("parent_id", "regions", "id")],
    )
    _create(
        db,
        "reports",
        {
            "id": int,
            "report_key": str,
            "site_id": str,
            "issuer_printed": str,
            "agency_id": int,
            "year": int,
            "scope": str,
            "title": str,
            "published_on": str,
            "first_seen": str,
            "last_seen": str,
            "current_reading_id": int,
        },
        foreign_keys=[
            ("agency_id", "agencies", "id"),
            ("current_reading_id", "readings", "id"),
            ("site_id", "sites", "id"),
        ],
        not_null={"report_key", "issuer_printed"},
    )
    db.table("reports").create_index(["report_key"], unique=True)
    db.table("reports").create_index(["issuer_printed", "year"])
    _create(
        db,
        "report_documents",
        {
            "report_id": int,
            "sha256": str,
            "member": str,
            "role": str,
            "url": str,
            "reading_id": int,
            "first_seen": str,
            "last_seen": str,
        },
        pk=("report_id", "sha256", "member", "url"),
        foreign_keys=[("report_id", "reports", "id"), ("reading_id", "readings", "id")],
    )
    _create(
        db,
        "changes",
        {
            "id": int,
            "report_id": int,
            "url": str,
            "key": str,
            "old_value": float,
            "new_value": float,
            "old_reading_id": int,
            "new_reading_id": int,
            "seen_at": str,
        },
        foreign_keys=[("report_id", "reports", "id")],
    )
    _create(
        db,
        "corrections",
        {
            "id": int,
            "report_key": str,
            "key": str,
            "printed": float,
            "corrected": float,
            "reason": str,
            "decided_by": str,
            "decided_on": str,
        },
    )
    _create(db, "expected", {"id": int, "site_id": str, "year": int, "basis": str, "status": str})
    _create(
        db,
        "form_cells",
        {
            "form": str,
            "key": str,
            "table_key": str,
            "row_key": str,
            "column_key": str,
            "position": int,
            "row_label_zh": str,
            "row_label_en": str,
            "column_label_zh": str,
            "column_label_en": str,
            "group_zh": str,
            "number_zh": str,
            "unit": str,
            "law": str,
        },
        pk=("form", "key"),
    )
    _create(db, "state", {"key": str, "value": str}, pk="key")
    db.execute(
        "create virtual table reports_fts using fts5(title, body, content='', tokenize='unicode61 remove_diacritics 0')"
    )


STEPS = (what_the_crawl_brought, what_was_read, what_it_adds_up_to)


def _create(
    db: Database,
    name: str,
    columns: dict[str, type],
    *,
    pk: str | tuple[str, ...] = "id",
    foreign_keys: list[tuple[str, str, str]] | None = None,
    not_null: set[str] | None = None,
) -> None:
    db.table(name).create(columns, pk=pk, foreign_keys=foreign_keys or [], not_null=not_null or set(), strict=True)
