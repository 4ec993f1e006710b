"""The tree that is made for a world's invented places, and the key that is right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.identity_worlds import right_key, tree_of, without_names, without_places, write_tree
from extract.identity.clues import Clues
from sample.world import WorldReport

OWNERS = {"yanzhou": "砚州市", "tongxi": "桐溪县", "heming": "鹤鸣区"}
REPORT = WorldReport("tongxi", "http://127.1.3.2/1.html", "", "白荻镇人民政府", 2023, ())
REPORTS = [
    REPORT,
    replace(REPORT, issuer="桐溪县公安局"),
    replace(REPORT, site="heming", issuer="竹篙街道办事处"),
    replace(REPORT, site="yanzhou", issuer="云岫省水利厅"),
    replace(REPORT, site="yanzhou", issuer="桐溪县墨湖乡人民政府"),
]


@pytest.mark.parametrize("twins", [False, True])
def test_every_report_has_one_right_key(tmp_path, twins):
    divisions = write_tree(tmp_path / "divisions.csv", tree_of(OWNERS, REPORTS, twins=twins))
    keys = [right_key(report, OWNERS[report.site], divisions) for report in REPORTS]
    named = [(divisions.path(divisions[place])[-2:], organ) for place, _, organ in (key.partition(":") for key in keys)]
    assert named == [
        (("桐溪县", "白荻镇"), "政府"),
        (("砚州市", "桐溪县"), "公安局"),
        (("鹤鸣区", "竹篙街道"), "政府"),
        (("云岫省",), "水利厅"),
        (("桐溪县", "墨湖乡"), "政府"),
    ]
    assert len(divisions.named("白荻镇")) == 1 + twins


def test_what_is_taken_from_the_clues():
    clues = Clues(title="桐溪县公安局2023年年报", issuer="桐溪县公安局", publisher="桐溪县公安局")
    assert without_places(clues, ["桐溪县"]) == replace(clues, title="公安局2023年年报", issuer="公安局")
    assert (without_names(clues, ()).issuer, without_names(clues, ()).publisher) == ("", "桐溪县公安局")
