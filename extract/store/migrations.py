"""The schema of archive.db, as functions that are applied once each and never changed after release.

Names explain themselves, one fact stands in one place, NULL never means 0. The keys of the form's cells are frozen
here as columns; a test holds them against config/forms. Public ids (``report_key``, ``agency_key``, the ids of regions,
sha256) come from content; whole-number ids are this file's own and may differ between two files of one content.
Times are UTC, ISO 8601 with ``Z``; dates are ISO 8601; what is marked json is text that holds JSON.

What hundreds of thousands of reports repeat is kept small: see docs/decisions/008. Tables whose key is not a single
whole number are WITHOUT ROWID: the key is then stored once.
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
DISCLOSURE_2019 = (
    "rules_made", "rules_published", "rules_published_stock", "normdocs_made", "normdocs_published",
    "normdocs_published_stock", "licensing_items_prev", "licensing_items_change", "other_services_items_prev",
    "other_services_items_change", "other_services_decisions", "penalty_items_prev", "penalty_items_change",
    "coercion_items_prev", "coercion_items_change", "admin_fees_items_prev", "admin_fees_items_change",
    "procurement_projects", "procurement_amount",
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
          id text primary key, name text, agency text, level text, region_code text, family text, start_url text,
          entry_points text, -- json
          evidence text, confidence text
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
        create index captures_failed on captures (site_id) where failure is not null;
        create table archive_files (warc text primary key, site_id text, bytes_loaded integer) strict;
        """,
    )


@migrations()
def what_was_read(db: Database) -> None:
    """Documents, their readings, and the numbers, evidence, sections and findings of each reading."""
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
          form text, issuer_printed text, title text, year integer, scope text, published_on text, signed_on text,
          confidence real,
          numbers integer not null default 0, unreadable integer not null default 0,
          doubtful integer not null default 0,
          failed integer not null default 0,
          passed text, -- json
          reason text, error text, scope_cue text,
          year_sources text, -- json
          document_number text,
          warnings text, -- json
          corrects integer references readings(id),
          unique (sha256, member, reader),
          foreign key (sha256, member) references documents (sha256, member)
        ) strict;
        create index readings_not_had on readings (sha256) where reader = 'archive';
        create table reading_disclosure (
          reading_id integer primary key references readings(id), {_columns(DISCLOSURE)}, {_columns(DISCLOSURE_2019)},
          procurement_unit text
        ) strict;
        create table reading_requests (
          reading_id integer references readings(id), applicant text, {_columns(REQUESTS)},
          primary key (reading_id, applicant)
        ) strict, without rowid;
        create table reading_disputes (
          reading_id integer references readings(id), route text, {_columns(DISPUTES)},
          primary key (reading_id, route)
        ) strict, without rowid;
        create table reading_statistics (
          reading_id integer references readings(id), position integer, key text, label text, unit text, value real,
          cumulative real,
          primary key (reading_id, position)
        ) strict, without rowid;
        create table cell_keys (
          row_id integer, position integer, key text not null, primary key (row_id, position)
        ) strict, without rowid;
        create table printed_rows (
          reading_id integer references readings(id), row_id integer, confidence real, page integer, top integer,
          bottom integer, table_index integer, row_index integer, column_index integer,
          spans text, -- json
          printed text, -- json
          primary key (reading_id, row_id)
        ) strict, without rowid;
        create table odd_cells (
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
        create table reading_facts (
          reading_id integer references readings(id), position integer, key text, value real, raw text, unit text,
          stated_as text, approximate integer, part_of text, period text, scope text, section text,
          start integer, "end" integer, sentence_start integer, sentence_end integer, sentence text,
          primary key (reading_id, position)
        ) strict, without rowid;
        create table reading_findings (
          reading_id integer references readings(id), position integer, check_id text,
          verdict text not null check (verdict in ('pass', 'fail', 'not_assessable')),
          times integer not null, subject text, severity text, left_value real, right_value real,
          keys text, -- json
          message text, cause text, matched text, sentence text, start integer, "end" integer,
          primary key (reading_id, position)
        ) strict, without rowid;
        create index reading_findings_failed on reading_findings (check_id) where verdict = 'fail';
        """,
    )


@migrations()
def who_and_where(db: Database) -> None:
    """Administrative divisions with their codes, and the bodies that publish, through the years."""
    _run(
        db,
        """
        create table regions (
          id text primary key, name text not null, kind text, level text, parent_id text references regions(id),
          valid_from integer, valid_to integer, follows text, change text
        ) strict, without rowid;
        create index regions_parent on regions (parent_id);
        create index regions_name on regions (name);
        create table region_codes (
          region_id text references regions(id), scheme text, code text, first_year integer, last_year integer,
          primary key (region_id, scheme, code, first_year)
        ) strict, without rowid;
        create index region_codes_code on region_codes (code, first_year);
        create table agencies (
          id integer primary key, agency_key text not null unique, name text not null, kind text, level text,
          region_id text references regions(id), first_year integer, last_year integer, basis text
        ) strict;
        create index agencies_region on agencies (region_id);
        create table agency_names (
          agency_id integer references agencies(id), name text, first_year integer, last_year integer,
          primary key (agency_id, name)
        ) strict, without rowid;
        create table agency_links (
          from_key text, to_key text, kind text, year integer, reason text, primary key (from_key, to_key, kind)
        ) strict, without rowid;
        create index agency_links_to on agency_links (to_key);
        """,
    )


@migrations()
def what_it_adds_up_to(db: Database) -> None:
    """Reports with their versions, what is compared across them, and who should have reported; the codebook."""
    _run(
        db,
        """
        create table reports (
          id integer primary key, report_key text not null unique, site_id text references sites(id),
          issuer_printed text not null, agency_id integer references agencies(id), agency_status text, year integer,
          scope text, form text, title text, published_on text, first_seen text, last_seen text, missed_at text,
          current_reading_id integer references readings(id), numbers_reading_id integer references readings(id)
        ) strict;
        create index reports_issuer_year on reports (issuer_printed, year);
        create index reports_agency_year on reports (agency_id, year);
        create index reports_reading on reports (current_reading_id);
        create table leads (
          id integer primary key, site_id text references sites(id), url text not null, unique (url, site_id)
        ) strict;
        create table lead_addresses (
          address text, lead_id integer references leads(id), is_linked integer not null,
          primary key (address, lead_id)
        ) strict, without rowid;
        create index lead_addresses_lead on lead_addresses (lead_id);
        create table report_leads (
          report_id integer references reports(id), lead_id integer references leads(id),
          primary key (report_id, lead_id)
        ) strict, without rowid;
        create index report_leads_lead on report_leads (lead_id);
        create table report_documents (
          report_id integer references reports(id), sha256 text, member text, url text, role text,
          reading_id integer references readings(id), first_seen text, last_seen text,
          primary key (report_id, sha256, member, url),
          foreign key (sha256, member) references documents (sha256, member)
        ) strict, without rowid;
        create index report_documents_reading on report_documents (reading_id);
        create table agency_evidence (
          report_id integer references reports(id), position integer, source text, says text, region_id text,
          weight real,
          primary key (report_id, position)
        ) strict, without rowid;
        create table changes (
          report_id integer references reports(id), url text, key text, seen_at text,
          old_value real, old_state text, old_raw text, new_value real, new_state text, new_raw text,
          old_last_seen text, old_reading_id integer references readings(id),
          new_reading_id integer references readings(id),
          primary key (report_id, url, key, seen_at, old_reading_id)
        ) strict, without rowid;
        create table comparisons (
          report_id integer references reports(id), basis text, other_report_id integer references reports(id),
          passed text, -- json
          not_assessable text, -- json
          primary key (report_id, basis)
        ) strict, without rowid;
        create index comparisons_other on comparisons (other_report_id);
        create table comparison_failures (
          report_id integer references reports(id), basis text, position integer, check_id text, subject text,
          severity text, left_value real, right_value real,
          keys text, -- json
          message text, reason text,
          cautions text, -- json
          primary key (report_id, basis, position)
        ) strict, without rowid;
        create table report_prints (
          report_id integer primary key references reports(id), print blob
        ) strict;
        create table rollups (
          report_id integer references reports(id), key text, stated real, parts_sum real, parts_found integer,
          parts_expected integer, verdict text not null, reason text,
          primary key (report_id, key)
        ) strict, without rowid;
        create table expected (
          agency_id integer references agencies(id), year integer, region_id text, basis text, due_on text,
          is_binding integer, status text not null check (status in ('found', 'not_found')), days_after_due integer,
          report_id integer references reports(id), why text,
          primary key (agency_id, year)
        ) strict, without rowid;
        create index expected_year on expected (year, status);
        create index expected_report on expected (report_id);
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


@migrations()
def what_people_decide(db: Database) -> None:
    """Corrections with what became of them, what is withheld, and how often we were found to be wrong."""
    _run(
        db,
        """
        create table corrections (
          report_key text, sha256 text, member text, key text,
          decided_on text, -- here: where a key's column stands behind one that is not null, integrity_check errs (3.40)
          read_value real, read_state text, printed_value real, printed_state text, printed_raw text,
          status text not null check (status in ('applied', 'agrees', 'refused')),
          reason text, evidence text, note text, decided_by text,
          primary key (report_key, sha256, member, key, decided_on)
        ) strict, without rowid;
        create table withheld (
          what text, target text, passage text, reason text, decided_by text, decided_on text, follows text,
          primary key (what, target, passage)
        ) strict, without rowid;
        create table accuracy (
          format text, band text, state text, drawn integer, agreed integer, wrong integer, rate real, low real,
          high real, sampled_on text, reader text,
          primary key (sampled_on, format, band, state)
        ) strict, without rowid;
        """,
    )


STEPS = (what_the_crawl_brought, what_was_read, who_and_where, what_it_adds_up_to, what_people_decide)


def _columns(names: tuple[str, ...]) -> str:
    """A column for each of the form's keys: a count, or an amount of money."""
    return ", ".join(f"{name} {'real' if name.endswith(('_wan', '_amount')) else 'integer'}" for name in names)


def _run(db: Database, statements: str) -> None:
    """Each statement by itself: executescript would commit the migration's transaction."""
    statement = ""
    for line in statements.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
