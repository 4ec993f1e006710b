"""What happens in the fictional county, year by year: the plan from which compose.py makes the reports.

Every series is written out, so that a sum over agencies or years can be checked by hand against these tables. Series of
requests begin with 2018, all others with 2019; granted requests are what the other outcomes leave.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST, LAST = 2018, 2025
YEARS = tuple(range(FIRST, LAST + 1))
WITH_TABLES = tuple(range(2019, LAST + 1))
"""The years whose reports print the statutory tables; those of 2018 print a list of statistics, or only prose."""
GOVERNMENT = "岚汀县人民政府"
_NONE = (0,) * 7
_NO_CASES = ((0, 0, 0, 0),) * 7

Cases = tuple[tuple[int, int, int, int], ...]
"""A year each: upheld, corrected, other, pending."""


@dataclass(frozen=True)
class Body:
    """One agency: what it is called, where it publishes, and its numbers of each year.

    ``itself``: what it calls itself; ``renamed``: (year, name) from which it bears another. ``outcomes``: row of table 2
    -> a number a year, granted requests left out. ``stock``: normative documents in force at the end of 2018.
    ``items``: block of the form of 2019 -> (items in 2018, change in 2019, change in 2020).
    """

    name: str
    site: str
    kind: str
    itself: str
    received: tuple[int, ...]
    carried_out: tuple[int, ...] = (0,) * 8
    outcomes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    review: Cases = _NO_CASES
    lit_direct: Cases = _NO_CASES
    lit_after_review: Cases = _NO_CASES
    stock: int = 0
    issued: tuple[int, ...] = _NONE
    repealed: tuple[int, ...] = _NONE
    licensing: tuple[int, ...] = _NONE
    penalties: tuple[int, ...] = _NONE
    coercion: tuple[int, ...] = _NONE
    fees_wan: tuple[float, ...] = _NONE
    items: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    renamed: tuple[int, str] | None = None

    def name_in(self, year: int) -> str:
        """The name that its report of a year bears."""
        return self.renamed[1] if self.renamed and year >= self.renamed[0] else self.name

    @property
    def names(self) -> tuple[str, ...]:
        """All names that it bore, the oldest first."""
        return (self.name, self.renamed[1]) if self.renamed else (self.name,)


def _upheld(*numbers: int) -> Cases:
    return tuple((number, 0, 0, 0) for number in numbers)


BODIES = (
    Body(
        "岚汀县人民政府办公室",
        "lanting",
        "office",
        "本办公室",
        received=(11, 12, 14, 11, 13, 15, 16, 18),
        carried_out=(0, 1, 0, 1, 1, 2, 1, 1),
        outcomes={
            "granted_partly": (1, 2, 1, 2, 1, 2, 2),
            "denied_internal_affairs": (0, 0, 0, 1, 1, 1, 2),
            "unavailable_not_held": (3, 4, 2, 3, 4, 5, 5),
            "rejected_petition": (0, 1, 1, 1, 1, 2, 2),
        },
        review=_upheld(0, 1, 1, 1, 2, 2, 2),
        stock=25,
        issued=(4, 5, 5, 4, 6, 3, 5),
        repealed=(1, 3, 2, 1, 3, 2, 1),
        items={"other_services": (6, 0, 1)},
    ),
    Body(
        "岚汀县教育局",
        "lanting",
        "department",
        "我局",
        received=(7, 8, 9, 7, 10, 12, 11, 13),
        carried_out=(0, 0, 1, 0, 1, 0, 1, 1),
        outcomes={
            "granted_partly": (1, 1, 0, 1, 1, 1, 1),
            "denied_process": (0, 0, 1, 0, 1, 1, 1),
            "unavailable_not_held": (1, 2, 1, 2, 1, 2, 2),
        },
        review=((0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0), (1, 0, 0, 0), (0, 0, 0, 0), (1, 1, 0, 0), (0, 0, 0, 0)),
        stock=8,
        issued=(1, 0, 1, 0, 1, 0, 1),
        repealed=(0, 1, 0, 1, 0, 0, 0),
        licensing=(35, 41, 38, 44, 40, 42, 47),
        fees_wan=(118.4, 121.75, 120.2, 133.6, 140.05, 142.3, 150.6),
        items={"licensing": (4, 1, 0), "other_services": (11, -2, 1), "admin_fees": (3, 0, -1)},
    ),
    Body(
        "岚汀县自然资源局",
        "lanting",
        "department",
        "我局",
        received=(35, 40, 44, 38, 41, 47, 52, 55),
        carried_out=(2, 3, 4, 2, 3, 5, 4, 6),
        outcomes={
            "granted_partly": (4, 5, 4, 4, 5, 5, 6),
            "denied_third_party": (2, 2, 3, 2, 3, 2, 3),
            "denied_internal_affairs": (1, 1, 2, 3, 4, 6, 7),
            "denied_process": (2, 1, 2, 2, 2, 3, 2),
            "denied_admin_query": (2, 3, 2, 3, 2, 3, 3),
            "unavailable_not_held": (5, 5, 4, 5, 5, 6, 5),
            "unavailable_needs_creation": (1, 2, 1, 1, 2, 1, 2),
            "rejected_petition": (1, 2, 2, 3, 3, 4, 5),
            "rejected_repeat": (1, 0, 1, 1, 0, 1, 1),
            "other_fee_unpaid": (0, 0, 0, 0, 1, 2, 1),
            "other_other": (1, 1, 0, 1, 1, 1, 0),
        },
        review=((3, 1, 0, 1), (4, 1, 1, 1), (3, 1, 0, 2), (4, 2, 1, 1), (5, 1, 0, 2), (8, 3, 1, 3), (9, 3, 1, 2)),
        lit_direct=((2, 0, 0, 0), (3, 0, 0, 1), (3, 1, 0, 1), (4, 0, 0, 1), (4, 1, 0, 1), (1, 0, 0, 0), (0, 0, 0, 0)),
        lit_after_review=_upheld(0, 1, 1, 1, 2, 3, 4),
        stock=11,
        issued=(2, 1, 2, 1, 0, 1, 2),
        repealed=(1, 1, 1, 0, 1, 0, 1),
        licensing=(1820, 1764, 1903, 2011, 2088, 1990, 2120),
        penalties=(60, 58, 63, 71, 66, 64, 70),
        coercion=(1, 0, 2, 1, 0, 1, 2),
        fees_wan=(902.6, 887.3142, 915.5, 940.25, 968.4, 951.05, 987.7),
        items={
            "licensing": (21, -3, 2),
            "other_services": (34, 5, -1),
            "penalty": (88, 4, 0),
            "coercion": (6, 0, -1),
            "admin_fees": (5, -1, 0),
        },
    ),
    Body(
        "岚汀县水务局",
        "lanting-xxgk",
        "department",
        "我局",
        received=(4, 5, 6, 5, 4, 7, 6, 8),
        carried_out=(0, 0, 1, 0, 1, 0, 0, 1),
        outcomes={"granted_partly": (0, 1, 0, 0, 1, 1, 1), "unavailable_not_held": (1, 1, 1, 1, 1, 1, 2)},
        stock=5,
        issued=(1, 0, 1, 1, 0, 0, 1),
        repealed=(0, 0, 0, 0, 1, 0, 0),
        licensing=(88, 92, 97, 101, 95, 104, 110),
        penalties=(4, 6, 5, 7, 8, 6, 9),
        coercion=(0, 1, 0, 1, 0, 0, 1),
        items={"licensing": (7, 0, 1), "penalty": (25, 2, 0), "coercion": (4, 0, 0)},
        renamed=(2024, "岚汀县水利局"),
    ),
    Body(
        "岚汀县卫生健康局",
        "lanting-xxgk",
        "department",
        "我局",
        received=(8, 9, 12, 10, 11, 13, 12, 14),
        carried_out=(0, 1, 1, 0, 1, 1, 0, 1),
        outcomes={
            "granted_partly": (1, 1, 1, 1, 2, 1, 2),
            "denied_third_party": (1, 1, 1, 2, 1, 1, 2),
            "unavailable_not_held": (1, 2, 1, 1, 2, 2, 2),
        },
        review=((0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0), (1, 0, 0, 2), (1, 0, 0, 0), (0, 0, 0, 0), (1, 0, 0, 0)),
        stock=6,
        issued=(1, 0, 0, 1, 1, 0, 1),
        repealed=(0, 0, 0, 0, 0, 0, 1),
        licensing=(640, 655, 702, 718, 731, 745, 760),
        penalties=(22, 25, 19, 27, 30, 29, 33),
        fees_wan=(12.5, 13.1, 12.8, 14.25, 15.0, 15.4, 16.2),
        items={"licensing": (9, 1, 0), "other_services": (14, 0, 3), "penalty": (61, 3, 1), "admin_fees": (2, -1, 0)},
    ),
    Body(
        "岚汀县市场监督管理局",
        "lanting-gkml",
        "department",
        "我局",
        received=(20, 22, 25, 21, 26, 28, 31, 30),
        carried_out=(1, 2, 1, 2, 3, 2, 3, 2),
        outcomes={
            "granted_partly": (2, 3, 2, 3, 3, 3, 3),
            "denied_third_party": (1, 2, 1, 2, 2, 2, 2),
            "denied_internal_affairs": (0, 1, 1, 1, 2, 2, 3),
            "denied_enforcement_file": (1, 1, 2, 1, 2, 2, 2),
            "denied_admin_query": (1, 1, 1, 1, 1, 1, 1),
            "unavailable_not_held": (2, 2, 2, 2, 3, 2, 3),
            "rejected_petition": (2, 2, 3, 4, 5, 6, 7),
            "rejected_repeat": (0, 1, 0, 1, 0, 1, 1),
        },
        review=((1, 2, 0, 0), (2, 2, 0, 1), (1, 3, 0, 0), (2, 3, 1, 1), (1, 4, 0, 1), (3, 5, 1, 2), (3, 6, 1, 1)),
        lit_direct=((1, 0, 0, 0), (1, 0, 0, 0), (2, 0, 0, 0), (2, 0, 0, 1), (3, 0, 0, 0), (1, 0, 0, 0), (0, 0, 0, 0)),
        lit_after_review=_upheld(0, 0, 1, 0, 1, 2, 2),
        stock=8,
        issued=(1, 1, 1, 1, 2, 1, 0),
        repealed=(0, 1, 0, 1, 0, 0, 1),
        licensing=(3560, 3714, 3920, 4105, 4238, 4301, 4420),
        penalties=(410, 433, 452, 460, 471, 498, 505),
        coercion=(3, 4, 2, 5, 6, 4, 3),
        fees_wan=(33.2, 30.15, 31.4, 29.9, 28.75, 27.6, 26.1),
        items={"licensing": (30, 2, 1), "other_services": (18, 0, 0), "penalty": (402, 11, -6), "coercion": (15, 0, 1)},
    ),
    Body(
        "砚池镇人民政府",
        "lanting-xz",
        "township",
        "我镇",
        received=(2, 3, 4, 2, 5, 4, 6, 3),
        carried_out=(0, 0, 0, 0, 0, 1, 0, 0),
        outcomes={"granted_partly": (0, 0, 0, 1, 0, 1, 0), "unavailable_not_held": (0, 1, 0, 1, 1, 1, 0)},
        review=_upheld(0, 0, 0, 0, 0, 1, 0),
        stock=2,
        issued=(0, 0, 0, 1, 0, 0, 0),
        licensing=(12, 15, 11, 18, 20, 17, 19),
        penalties=(0, 0, 2, 3, 4, 5, 3),
        items={"licensing": (3, 0, 0), "other_services": (20, 1, 1)},
    ),
    Body(
        "柳笙镇人民政府",
        "lanting-xz",
        "township",
        "我镇",
        received=(1, 2, 0, 1, 3, 2, 0, 1),
        outcomes={"unavailable_not_held": (0, 0, 0, 0, 1, 0, 0)},
        stock=1,
        licensing=(6, 8, 7, 9, 10, 8, 11),
        items={"licensing": (3, 0, 0), "other_services": (17, 0, 2)},
    ),
    Body(
        "鹤汀街道办事处",
        "lanting-gkml",
        "township",
        "我街道",
        received=(2, 3, 2, 4, 1, 3, 2, 5),
        outcomes={"granted_partly": (1, 0, 1, 0, 1, 0, 1), "rejected_petition": (0, 0, 0, 0, 0, 1, 1)},
        issued=(0, 0, 0, 0, 0, 1, 0),
        licensing=(21, 24, 22, 27, 30, 28, 31),
        penalties=(0, 0, 5, 6, 8, 7, 9),
        items={"licensing": (5, 0, 1), "other_services": (26, 2, 0)},
    ),
    Body(
        "麦浦镇人民政府",
        "maipu",
        "township",
        "我镇",
        received=(1, 1, 2, 2, 1, 3, 4, 2),
        carried_out=(0, 0, 0, 0, 0, 0, 1, 0),
        outcomes={"unavailable_not_held": (0, 0, 1, 0, 1, 1, 0)},
        stock=1,
        licensing=(9, 11, 10, 13, 12, 14, 15),
        items={"licensing": (4, 0, -1), "other_services": (19, 1, 0)},
    ),
    Body(
        "雁笙乡人民政府",
        "lanting-xz",
        "township",
        "我乡",
        received=(0,) * 8,
        licensing=(3, 2, 4, 5, 3, 4, 6),
        items={"other_services": (12, 0, 0)},
    ),
)
"""The eleven parts of the county; the county government's own report is the sum over them."""

FEES = {2023: (3, 800), 2024: (5, 1900), 2025: (4, 1200)}
"""The information-processing fee of 岚汀县自然资源局: year -> (requests charged, yuan)."""
FEE_PAYEE = "岚汀县自然资源局"

# How it is published: (agency, year) -> html where nothing is said.
PUBLISHED = {
    (GOVERNMENT, 2023): "html+pdf",
    ("岚汀县自然资源局", 2022): "pdf",
    ("岚汀县自然资源局", 2023): "pdf",
    ("岚汀县教育局", 2024): "html+pdf",
    ("岚汀县卫生健康局", 2021): "docx",
    ("岚汀县卫生健康局", 2022): "docx",
    ("岚汀县卫生健康局", 2023): "html+docx",
    ("岚汀县市场监督管理局", 2023): "pdf",
    ("鹤汀街道办事处", 2019): "image",
}
LATE = {
    ("岚汀县市场监督管理局", 2021): ("2022-02-18", True),
    (GOVERNMENT, 2022): ("2023-04-06", True),
    ("柳笙镇人民政府", 2023): ("2024-03-05", False),
    ("麦浦镇人民政府", 2025): ("2026-02-03", False),
}
"""Published after 31 January (a government's: 31 March) -> (when, whether the rule binds it; no law names townships)."""
NEVER_PUBLISHED = (("岚汀县卫生健康局", 2024),)
NOT_TO_BE_HAD = {
    ("砚池镇人民政府", 2020): "gone",
    ("岚汀县水务局", 2020): "blocked",
    ("岚汀县教育局", 2019): "robots",
}
SINGLE_OTHER = {("柳笙镇人民政府", 2021)}
BLANK_COLUMNS = {("雁笙乡人民政府", 2021)}
MARKED_RULES = {("鹤汀街道办事处", 2022), ("雁笙乡人民政府", 2022)}
ENCODINGS = {("麦浦镇人民政府", 2022): "gbk", ("麦浦镇人民政府", 2023): "gb18030 declared utf-8"}
TITLES = {
    ("岚汀县教育局", 2022): "岚汀县教育局政府信息公开工作2022年度报告",
    ("砚池镇人民政府", 2021): "砚池镇人民政府2021年度政府信息公开年报",
    ("岚汀县水务局", 2022): "关于岚汀县水务局2022年度政府信息公开工作情况的报告",
}
BROKEN = {
    ("岚汀县水务局", 2021): "flow",
    ("岚汀县教育局", 2023): "row",
    ("岚汀县自然资源局", 2023): "review",
}
"""What a report prints against its own sums."""
COUNTED_BEYOND_THE_PARTS = {2023: 7}
"""Requests, all granted to natural persons, that the county's report counts and no part does."""
CARRIED_IN_TOO_MANY = {("岚汀县自然资源局", 2024): 1}
"""Printed as carried in instead of as received: the report's own sums hold, the year before says otherwise."""
STOCK_RECOUNTED = {"岚汀县市场监督管理局": (2023, 2)}
"""Agency -> (from which year, how many more documents it says are in force)."""
ITEMS_MISCOUNTED = {"岚汀县自然资源局": ("licensing", 4)}
"""Agency -> (block, how many more items its report of 2020 gives for 2019 than that of 2019 does)."""
TYPED = {("岚汀县自然资源局", 2025): {"disclosure.penalty_decisions": "7O"}}
"""What is printed in a number's place: seven and a letter, which no reader takes for 70. A person may correct it."""
TWINS = {("岚汀县教育局", 2024): {"disclosure.licensing_decisions": 24}}
"""What the file beside the page prints otherwise (42 on the page)."""
TOLD = {("鹤汀街道办事处", 2023): 9}
"""Requests that the prose says were received; table 2 has 3."""
COPIES = {
    ("雁笙乡人民政府", 2024): ("雁笙乡人民政府", 2023),
    ("柳笙镇人民政府", 2022): ("麦浦镇人民政府", 2022),
}
"""Whose first section is whose."""
ALTERED = {("岚汀县水务局", 2023): {"disclosure.penalty_decisions": 11, "disclosure.coercion_decisions": 1}}
"""What reads otherwise the next day (8 and 0 before)."""
VANISHED = (("鹤汀街道办事处", 2022),)
NEW = (("麦浦镇人民政府", 2025),)
