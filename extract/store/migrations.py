"""The schema of archive.db, as functions that are applied once each and never changed after release.

Names explain themselves, one fact stands in one place, NULL never means 0. The keys of the form's cells are frozen
here as columns; a test holds them against config/forms. Public ids (``report_key``, sha256) come from content.
Times are UTC, ISO 8601 with ``Z``; dates are ISO 8601; what is marked json is text that holds JSON.
"""

from __future__ import annotations

import sqlite3
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
REQUESTS = (
    "received_new", "carried_in", "granted", "granted_partly", "denied_state_secret", "denied_law_forbids",
    "denied_three_securities_stability", "denied_third_party", "denied_internal_affairs", "denied_process",
    "denied_enforcement_file", "denied_admin_query", "unavailable_not_held", "unavailable_needs_creation",
    "unavailable_unclear", "rejected_petition", "rejected_repeat", "rejected_publication", "rejected_excessive",
    "rejected_reconfirm", "other_all", "other_no_correction", "other_fee_unpaid", "other_other", "outcome_total",
    "carried_out",
)
DISPUTES = ("upheld", "corrected", "other", "pending", "total")
# fmt: on


@migrations()
def what_the_crawl_brought(db: Database) -> None:
    """Sites, runs, listings, captures: the archive's records as rows, and how far each file of it is loaded."""
    _run(
        db,
        """
        create table sites (
          id text primary key, name text, agency text, level text, region_code text, family text, start_url text
        ) strict;
        create table runs (
          run_id text primary key, site_id text references sites(id), started_at text, finished_at text,
          code_version text, finish_reason text, verdict text,
          counts text -- json
        ) strict;
        create table listings (
          id integer primary key, run_id text, site_id text references sites(id), url text, title text, found_on text,
          verdict text, reason text, published_on text, publisher text,
          attachments text -- json
        ) strict;
        create index listings_url on listings (url);
        create table captures (
          id integer primary key, run_id text, site_id text references sites(id), url text, fetched_at text,
          status integer, claimed_type text, sniffed_type text, size integer, sha256 text, warc text, "offset" integer,
          length integer, record_id text, revisit_of text, location text, truncated integer,
          failure text, -- its kind; null for a response
          message text
        ) strict;
        create index captures_url on captures (url);
        create index captures_sha256 on captures (sha256);
        create table archive_files (warc text primary key, site_id text, bytes_loaded integer) strict;
        """,
    )


@migrations()
def what_was_read(db: Database) -> None:
    """Documents, their readings, and the numbers, sections and findings of each reading."""
    _run(
        db,
        f"""
        create table documents (
          sha256 text, member text, size integer, media_type text, text text,
          first_capture_id integer references captures(id),
          primary key (sha256, member)
        ) strict;
        create table readings (
          id integer primary key, sha256 text not null, member text not null, reader text not null, kind text not null,
          reason text, error text, form text, issuer_printed text, title text, year integer, scope text,
          published_on text, signed_on text, confidence real,
          warnings text, -- json
          unique (sha256, member, reader),
          foreign key (sha256, member) references documents (sha256, member)
        ) strict;
        create table reading_disclosure (
          reading_id integer primary key references readings(id), {_columns(DISCLOSURE)}
        ) strict;
        create table reading_requests (
          reading_id integer references readings(id), applicant text, {_columns(REQUESTS)},
          primary key (reading_id, applicant)
        ) strict;
        create table reading_disputes (
          reading_id integer references readings(id), route text, {_columns(DISPUTES)},
          primary key (reading_id, route)
        ) strict;
        create table reading_statistics (
          reading_id integer references readings(id), position integer, key text, label text, unit text, value real,
          cumulative real,
          primary key (reading_id, position)
        ) strict;
        create table cells (
          reading_id integer references readings(id), key text, raw text,
          state text not null check (state in ('number', 'blank', 'na_mark', 'unreadable', 'absent')),
          value real check ((value is not null) = (state = 'number')),
          confidence real, page integer, "left" real, top real, "right" real, bottom real, table_index integer,
          row_index integer, column_index integer, start integer, "end" integer, reason text,
          primary key (reading_id, key)
        ) strict, without rowid;
        create table sections (
          reading_id integer references readings(id), key text, text text, primary key (reading_id, key)
        ) strict;
        create table facts (
          id integer primary key, reading_id integer references readings(id), key text, value real, raw text, unit text,
          sentence text, start integer, "end" integer
        ) strict;
        create index facts_reading on facts (reading_id);
        create table findings (
          id integer primary key, reading_id integer references readings(id), check_id text, subject text,
          verdict text not null check (verdict in ('pass', 'fail', 'not_assessable')),
          left_value real, right_value real,
          keys text, -- json
          message text, cause text
        ) strict;
        create index findings_reading on findings (reading_id, verdict);
        """,
    )


@migrations()
def what_it_adds_up_to(db: Database) -> None:
    """Reports and what people decide or expect of them; agencies and regions; the codebook."""
    _run(
        db,
        """
        create table agencies (
          id integer primary key, agency_key text unique, name text, level text, region_code text, site_id text,
          basis text
        ) strict;
        create table regions (
          id integer primary key, code text, name text, level text, parent_id integer references regions(id),
          valid_from text, valid_to text
        ) strict;
        create table reports (
          id integer primary key, report_key text not null unique, site_id text references sites(id),
          issuer_printed text not null, agency_id integer references agencies(id), year integer, scope text, title text,
          published_on text, first_seen text, last_seen text, current_reading_id integer references readings(id)
        ) strict;
        create index reports_issuer_year on reports (issuer_printed, year);
        create table report_documents (
          report_id integer references reports(id), sha256 text, member text, role text, url text,
          reading_id integer references readings(id), first_seen text, last_seen text,
          primary key (report_id, sha256, member, url),
          foreign key (sha256, member) references documents (sha256, member)
        ) strict;
        create table changes (
          id integer primary key, report_id integer references reports(id), url text, key text, old_value real,
          new_value real, old_reading_id integer references readings(id),
          new_reading_id integer references readings(id), seen_at text
        ) strict;
        create table corrections (
          id integer primary key, report_key text, key text, printed real, corrected real, reason text, decided_by text,
          decided_on text
        ) strict;
        create table expected (id integer primary key, site_id text, year integer, basis text, status text) strict;
        create table form_cells (
          form text, key text, table_key text, row_key text, column_key text, position integer, row_label_zh text,
          row_label_en text, column_label_zh text, column_label_en text, group_zh text, number_zh text, unit text,
          law text,
          primary key (form, key)
        ) strict;
        create table state (key text primary key, value text) strict;
        create virtual table reports_fts
          using fts5(title, body, content='', tokenize='unicode61 remove_diacritics 0');
        """,
    )


# fmt: off
DISCLOSURE_2019 = (
    "rules_made", "rules_published", "rules_published_stock", "normdocs_made", "normdocs_published",
    "normdocs_published_stock", "licensing_items_prev", "licensing_items_change", "other_services_items_prev",
    "other_services_items_change", "other_services_decisions", "penalty_items_prev", "penalty_items_change",
    "coercion_items_prev", "coercion_items_change", "admin_fees_items_prev", "admin_fees_items_change",
    "procurement_projects", "procurement_amount",
)
# fmt: on


@migrations()
def every_form_and_the_prose(db: Database) -> None:
    """The form of 2019 beside that of 2021, what a fact in prose says of itself, and what a check saw in prose."""
    columns = [f"{name} {'real' if name == 'procurement_amount' else 'integer'}" for name in DISCLOSURE_2019]
    added = {
        "reading_disclosure": [*columns, "procurement_unit text"],
        "readings": ["scope_cue text", "year_sources text", "document_number text"],  # year_sources: json
        "facts": [f"{name} text" for name in ("stated_as", "part_of", "period", "scope", "section")]
        + ["approximate integer"],
        "findings": ["severity text", "matched text", "sentence text", "start integer", '"end" integer'],
    }
    for table, names in added.items():
        for name in names:
            db.execute(f"alter table {table} add column {name}")


@migrations()
def how_a_site_is_known(db: Database) -> None:
    """Where the columns of a site begin, what was seen there, and how sure that is."""
    for name in ("entry_points", "evidence", "confidence"):  # entry_points: json
        db.execute(f"alter table sites add column {name} text")


STEPS = (what_the_crawl_brought, what_was_read, what_it_adds_up_to, every_form_and_the_prose, how_a_site_is_known)


def _columns(names: tuple[str, ...]) -> str:
    """A column for each of the form's keys: a count, or an amount of money where the name ends in its unit."""
    return ", ".join(f"{name} {'real' if name.endswith('_wan') else 'integer'}" for name in names)


def _run(db: Database, statements: str) -> None:
    """Each statement by itself: executescript would commit the migration's transaction."""
    statement = ""
    for line in statements.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
