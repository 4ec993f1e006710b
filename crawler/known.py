"""What earlier runs of a site learnt: where its columns are, which reports they listed, when it was searched last."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.archive.runs import newest_runs
from crawler.items import Listing, Relisted
from crawler.schedule import in_season
from crawler.verdicts import last_with_reports

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from crawler.items import Run
    from crawler.recorder import Recorder

_SEARCH_AGAIN_DAYS = 28
_SEARCH_AGAIN_DAYS_IN_SEASON = 7


@dataclass(frozen=True)
class Known:
    """From the last run that found reports; ``searched_at``: when the site's pages were last searched for columns.

    ``columns``: those of the last search too: one that did not answer since is no column that is gone.
    """

    columns: tuple[str, ...] = ()
    listed: Mapping[str, Listing] = field(default_factory=dict)
    searched_at: str = ""

    def should_discover(self, now: dt.datetime) -> bool:
        """Whether it is time to search the site for columns again: sites make new ones, most of them in season."""
        if not self.searched_at:
            return True  # what the registry names may be one column of many
        days = _SEARCH_AGAIN_DAYS_IN_SEASON if in_season(now) else _SEARCH_AGAIN_DAYS
        return now - dt.datetime.fromisoformat(self.searched_at) >= dt.timedelta(days=days)


NOTHING = Known()


def known_to(recorder: Recorder) -> Known:
    """From the runs before the one that is under way; of one run the notes are read, not of all.

    Raises:
        RecordError: a run's record is damaged.
    """

    def earlier_runs() -> Iterator[Run]:
        runs = newest_runs(recorder.archive.root, recorder.site.id)
        return (run for run in runs if run.run_id != recorder.run.run_id and run.finished_at)

    last = last_with_reports(earlier_runs())
    searched = next((run for run in earlier_runs() if run.counts.get("discovery")), None)
    told = list(_told(recorder, last)) if last else []
    found = list(_told(recorder, searched)) if searched and searched != last else []
    return Known(
        tuple(dict.fromkeys(listing.url for listing in (*told, *found) if listing.verdict == "column")),
        {listing.url: listing for listing in told if listing.verdict == "report"},
        searched.finished_at if searched else "",
    )


def _told(recorder: Recorder, run: Run) -> Iterator[Listing]:
    """What a run found listed, whether it was noted then or stood from before."""
    for note in recorder.writer.notes_of(run.run_id):
        if isinstance(note, Listing):
            yield note
        elif isinstance(note, Relisted):
            for urls, column in ((note.entries, False), (note.columns, True)):
                stood = (recorder.writer.last_listing(url, column=column) for url in urls)
                yield from (listing for listing in stood if listing is not None)
