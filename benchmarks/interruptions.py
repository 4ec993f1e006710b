"""A crawl that is killed or starved loses nothing and doubles nothing: ``python -m benchmarks.interruptions``.

Sample sites (sample/world.py) are crawled once undisturbed, which is the truth. Then the same crawl is killed with -9
at random moments, finds its disk full, loses the workers of a cluster, and has its last file cut at random bytes; each
time it is begun again until it ends, and what is in the archive is held against the truth. Moments and bytes come from
``--seed``, which is printed. Exit status 1 if a limit is missed.

A full disk is a small tmpfs, which root can mount. Elsewhere a limit on the size of files stands in for it
(RLIMIT_FSIZE): the same errors reach the archive, but only from its larger files, and closing them always works.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.crawl import WORLDS, Line
from benchmarks.many_sites import crawling
from benchmarks.one_visit import OPEN as LOOPBACK
from benchmarks.one_visit import SETTINGS
from benchmarks.wholeness import NONE, Compared, Truth, contents, requests
from crawler.archive import Archive, index
from crawler.archive.files import OPEN, warc_paths
from crawler.families.twins import canonical
from crawler.items import Site
from crawler.run import crawl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sample.world import World

KILLS, CUTS, WORKERS = 20, 60, 3
DISKS = (0.15, 0.5, 0.85)
DELAY = 0.02
PARTS = ("kills", "disk", "cluster", "tails")
_FIRST = {  # of different families, most with an address of their own; some list by POST, some take long to find
    "province": "tongxi heming luting yanzhou qingshiling ouquan shuangqiao luoyan dieshi hutao tangpu qixi",
    "elsewhere": "shijian jihu weidu mianhe liwu wujian xiangshui liaoting jinpu moheng shuofan shuomo",
}
_PATIENCE = 120.0
_TRIES = 5
_PAGE = 4096


@dataclass(frozen=True)
class Bench:
    """The sites of a world, what an undisturbed crawl of them brought, and chance."""

    world: World
    homes: Mapping[str, str]
    folder: Path
    chance: random.Random
    truth: Truth

    def begin(self, root: Path, largest: int = 0) -> subprocess.Popen[str]:
        """The crawl, in a process of its own."""
        return _begin(self.homes, root, largest)

    def until_it_ends(self, root: Path) -> int:
        """The same crawl again until it ends well; how often it was begun."""
        for tries in range(1, _TRIES + 1):
            if _ended(self.begin(root))[0] == 0:
                return tries
        return _TRIES + 1

    def ended(self, root: Path) -> dict[str, str]:
        """The sites whose run has come to its end, with their home pages; the archive may not be there yet."""
        if not (root / "archive.json").exists():
            return {}
        verdicts = contents(root, self.homes).verdicts
        return {name: home for name, home in self.homes.items() if verdicts[name]}


def _begin(homes: Mapping[str, str], root: Path, largest: int = 0) -> subprocess.Popen[str]:
    order = {"homes": dict(homes), "root": str(root), "delay": DELAY, "largest": largest}
    command = [sys.executable, "-m", "benchmarks.one_visit", json.dumps(order)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603  # ours


def _ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and what was said; a crawl that hangs is killed, and its code tells."""
    try:
        said = process.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        said = process.communicate()
    return process.returncode, "".join(said)


@contextmanager
def bench(name: str, count: int, seed: int) -> Iterator[Bench]:
    """Serve a world and crawl its sites undisturbed.

    Raises:
        RuntimeError: that crawl did not end well, so that nothing can be held against it.
    """
    with tempfile.TemporaryDirectory() as folder, WORLDS[name]() as world:
        names = list(dict.fromkeys((*_FIRST[name].split(), *world.homes)))[:count]
        homes = {site: world.homes[site] for site in names}
        root = Path(folder) / "undisturbed"
        begun = time.monotonic()
        code, said = _ended(_begin(homes, root))
        seconds = time.monotonic() - begun
        if code:
            raise RuntimeError(f"the crawl that nothing disturbs failed ({code}):\n{said}")
        truth = Truth(root, contents(root, homes), requests(world.log), seconds)
        yield Bench(world, homes, Path(folder), random.Random(seed), truth)


def kills(given: Bench, count: int) -> Iterator[Line]:
    """Killed with -9, twice a crawl: the process that crawls alone, and with the one that began it."""
    compared, hits, stuck = Compared(), 0, 0
    shares = [(number + given.chance.random()) / count for number in range(count)]  # spread over the crawl
    crawls = -(-count // 2)
    for number in range(crawls):
        root, log = given.folder / f"kills-{number}", len(given.world.log)
        process, begun, ended = given.begin(root), time.monotonic(), NONE
        for order, share in enumerate(shares[number::crawls]):
            parent = (number + order) % 2 == 1
            hit = _kill(process, begun + share * given.truth.seconds, parent=parent)
            hits += hit
            if hit and parent:
                process.communicate()  # both have ended
                ended = given.ended(root)
                process = given.begin(root)
        code, _ = _ended(process)
        stuck += code != 0
        if code:
            given.until_it_ends(root)
        compared.add(given.truth, root, given.world.log[log:], ended)
        shutil.rmtree(root)
    yield Line("kills that met a crawl under way", f"{hits} of {count}", "9 of 10", hits >= 0.9 * count)
    yield Line("crawls that did not go on to their end", str(stuck), "0", stuck == 0)
    yield from _whole(compared)
    yield from _repeated(compared, len(given.homes), at_once=2)


def _kill(process: subprocess.Popen[str], moment: float, *, parent: bool) -> bool:
    """Kill when the moment has come; False where the crawl had ended by then."""
    while time.monotonic() < moment and process.poll() is None:
        time.sleep(0.005)
    while process.poll() is None:
        if parent:
            process.kill()
            return True
        with suppress(OSError):
            if found := crawling(str(process.pid)):
                os.kill(int(found[0]), signal.SIGKILL)
                return True
        time.sleep(0.005)
    return False


@dataclass
class Disk:
    """Where a crawl finds no room, until ``grow``. ``largest``: bytes of the largest file, 0 where it is a disk."""

    folder: Path
    largest: int = 0
    mounted: bool = False

    def grow(self) -> None:
        """Make room."""
        self.largest = 0
        if self.mounted:
            _mount("-o", "remount,size=1g", str(self.folder))


@contextmanager
def small_disk(folder: Path, share: float, truth: Path) -> Iterator[Disk]:
    """A tmpfs that holds a share of what the undisturbed archive takes, or files as long as a share of its largest."""
    folder.mkdir()
    sizes = [path.stat().st_size for path in truth.rglob("*") if path.is_file()]
    room = int(share * sum(-(-size // _PAGE) for size in sizes)) * _PAGE
    if not _mount("-t", "tmpfs", "-o", f"size={room},mode=700", "gongkai-benchmark", str(folder)):
        yield Disk(folder, largest=int(share * max(sizes)))
        return
    try:
        yield Disk(folder, mounted=True)
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607  # wherever the system has it


def _mount(*arguments: str) -> bool:
    try:
        command = ["mount", *arguments]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603  # as above
    except FileNotFoundError:
        return False


def disk(given: Bench) -> Iterator[Line]:
    """The disk is full at three sizes: the crawl stops, says what to do, and goes on when there is room."""
    compared, unhelpful = Compared(), 0
    damage: list[str] = []
    badly: list[str] = []
    for number, share in enumerate(DISKS):
        log = len(given.world.log)
        with small_disk(given.folder / f"disk-{number}", share, given.truth.root) as small:
            root = small.folder / "archive"
            code, said = _ended(given.begin(root, small.largest))
            badly += [said.strip().splitlines()[-1]] if code != 1 or "Traceback" in said else []
            unhelpful += not ("a full disk" in said or "free space" in said) or "again" not in said
            full = contents(root, given.homes)
            damage += full.damage
            kind = "tmpfs" if small.mounted else "RLIMIT_FSIZE, no tmpfs"
            what = f"{share:.0%} of what it needs, {kind}"
            yield Line(what, f"{len(full.documents)} of {len(given.truth.contents.documents)} documents", "", None)
            small.grow()
            ended = given.ended(root)
            given.until_it_ends(root)
            compared.add(given.truth, root, given.world.log[log:], ended)
    yield _none("did not stop in good order", badly)
    yield Line("did not say what to do", str(unhelpful), "0", unhelpful == 0)
    yield _none("damage while the disk was full", damage)
    yield from _whole(compared)
    yield from _repeated(compared, len(given.homes))


def cluster(given: Bench) -> Iterator[Line]:
    """Three workers of a Dask cluster are killed while they crawl."""
    try:
        from distributed import LocalCluster  # noqa: PLC0415  # an extra
    except ImportError:
        yield Line("left out", "no distributed; install it: make setup EXTRAS=all", "", None)
        return
    root, log = given.folder / "cluster", len(given.world.log)
    total = given.truth.requests.total()
    moments = sorted(int(given.chance.uniform(0.02, 0.9) * total) for _ in range(WORKERS))
    killed: list[int] = []
    compared = Compared()
    ended = threading.Event()
    with LocalCluster(
        n_workers=WORKERS, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
    ) as local:

        def kill() -> None:
            for moment in moments:
                while len(given.world.log) - log < moment and not ended.wait(0.01):
                    pass
                worker = given.chance.choice([one.pid for one in local.workers.values() if one.pid not in killed])
                if not ended.is_set():
                    os.kill(worker, signal.SIGKILL)
                    killed.append(worker)

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        crawl(
            [Site(id=name, start_url=home) for name, home in given.homes.items()],
            archive_root=root,
            holds="sample",
            allow_addresses=LOOPBACK,
            settings={**SETTINGS, "DOWNLOAD_DELAY": DELAY},
            cluster=local.scheduler_address,
        )
        ended.set()
        killer.join()
    compared.add(given.truth, root, given.world.log[log:])
    at = ", ".join(f"{moment / total:.0%}" for moment in moments)
    yield Line(f"workers killed, at {at} of the requests", str(len(killed)), str(WORKERS), len(killed) == WORKERS)
    yield from _whole(compared)
    yield from _repeated(compared, len(given.homes), at_once=len(killed))


@dataclass
class Cuts:
    """What cutting files brought: ``wrong`` lengths after recovery, ``lost`` captures by their number."""

    wrong: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    count: int = 0
    lost: int = 0
    asked: int = 0


def tails(given: Bench) -> Iterator[Line]:
    """The last WARC of every site is cut at a random byte, its index too in half of the cases."""
    compared, cuts = Compared(), Cuts()
    while cuts.count < CUTS:
        root = given.folder / f"tails-{cuts.count}"
        shutil.copytree(given.truth.root, root)
        for name in list(given.homes)[: CUTS - cuts.count]:
            _cut(given, root, name, cuts)
        cuts.damage += contents(root, given.homes).damage
        log = len(given.world.log)
        given.until_it_ends(root)
        asked = given.world.log[log:]
        cuts.asked += sum(one.method == "GET" for one in asked)
        compared.add(given.truth, root, asked)
        shutil.rmtree(root)
    yield Line("files cut", str(cuts.count), str(CUTS), cuts.count == CUTS)
    yield _none("not cut back to the last whole record", cuts.wrong)
    yield _none("damage when the writer had been open", cuts.damage)
    yield from _whole(compared, whole_runs=False)
    share = f"{cuts.asked} for {cuts.lost}"
    yield Line("asked again (GET), for records that were lost", share, "no more", cuts.asked <= cuts.lost)


def _cut(given: Bench, root: Path, name: str, cuts: Cuts) -> None:
    folder = root / name
    path = warc_paths(folder)[-1]
    lines = [line for line in index.read_lines(folder, name) if line.warc == f"{name}/{path.name}"]
    begins = [line.offset for line in lines]
    ends = [*begins, *(line.offset + line.length for line in lines), *(line.end for line in lines)]
    at = given.chance.randrange(1, path.stat().st_size)
    path = path.rename(path.with_name(path.name + OPEN))
    os.truncate(path, at)
    if cuts.count % 2:
        listed = folder / index.NAME
        os.truncate(listed, given.chance.randrange(listed.stat().st_size))
    whole = max((end for end in ends if end <= at), default=0)
    with Archive(root).writer(name) as writer:
        recovered = writer.recovered_bytes
    left = sum(one.stat().st_size for one in warc_paths(folder)[-1:])
    if (left, recovered) != (whole, at - whole):
        cuts.wrong.append(f"{name} at {at}: {left} bytes left, {whole} are whole")
    cuts.count += 1
    cuts.lost += sum(line.capture is not None and line.offset + line.length > at for line in lines)


def _whole(compared: Compared, *, whole_runs: bool = True) -> Iterator[Line]:
    yield _none("reports lost", compared.lost_reports)
    yield _none("documents lost", compared.lost_documents)
    yield _none("bodies stored twice in a run", compared.doubled_bodies)
    yield _none("listed twice in a run", compared.doubled_listings)
    if whole_runs:
        yield _none("sites with more runs than were to begin", compared.further_runs)
    yield _none("runs that ended otherwise", compared.unfinished)
    yield _none("damage that verify finds", compared.damage)


def _repeated(compared: Compared, most: int, at_once: int = 1) -> Iterator[Line]:
    """At each site one request may have been under way; a list by POST is always asked for again."""
    limit = most * at_once
    worst = max(compared.repeated)
    said = f"{sum(compared.repeated)}, at most {worst}"
    yield Line("requests repeated (GET), after one interruption", said, f"{limit}", worst <= limit)
    yield Line("requests repeated (POST)", str(compared.repeated_posts), "", None)


def _none(what: str, found: Sequence[str]) -> Line:
    return Line(what, f"{len(found)}{''.join(f' {one}' for one in found[:3])}", "0", not found)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all where none is named")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--world", choices=tuple(WORLDS), default="province")
    parser.add_argument("--sites", type=int, default=12)
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    logging.getLogger().setLevel(logging.CRITICAL)
    missed = 0
    measures: dict[str, Callable[[Bench], Iterator[Line]]] = {
        "kills": lambda given: kills(given, chosen.kills),
        "disk": disk,
        "cluster": cluster,
        "tails": tails,
    }
    with bench(chosen.world, chosen.sites, chosen.seed) as given:
        _say(chosen.world, chosen.seed, given)
        for name in chosen.parts or PARTS:
            begun = time.monotonic()
            given.chance.seed(f"{chosen.seed} {name}")  # a part alone has the same chances
            print(f"{name}: {measures[name].__doc__ or kills.__doc__}")
            for line in measures[name](given):
                verdict = {True: "holds", False: "MISSED", None: ""}[line.holds]
                print(f"  {line.what:<52}{line.result:<24}{line.limit:<10}{verdict}", flush=True)
                missed += line.holds is False
            print(f"  ({time.monotonic() - begun:.0f} s)")
    return 1 if missed else 0


def _say(world: str, seed: int, given: Bench) -> None:
    truth, reports = given.truth, [one for one in given.world.reports if one.site in given.homes]
    found = {url for _, url in truth.contents.reports}
    missing = [one.url for one in reports if not found.intersection(map(canonical, (one.url, *one.twins)))]
    print(
        f"{world}, seed {seed}: {len(given.homes)} sites; undisturbed {truth.seconds:.1f} s, "
        f"{truth.requests.total()} requests, {len(reports) - len(missing)} of {len(reports)} reports listed, "
        f"{len(truth.contents.documents)} of their pages and documents stored {' '.join(missing[:3])}"
    )


if __name__ == "__main__":
    sys.exit(main())
