"""A registry that cannot be used is refused with the line and the column; an unknown site with its neighbours' names."""

import pytest

from crawler import registry
from crawler.families import FAMILIES
from crawler.items import Site
from crawler.registry import RegistryError

HEAD = "id,name,family,start_url\n"


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "sites.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_line_becomes_a_site_and_further_columns_are_allowed(tmp_path):
    path = written(tmp_path, "id,start_url,evidence,name\nbaishi , http://baishi.example/nb/ ,seen,白石镇\n")
    assert registry.load(path) == [Site(id="baishi", start_url="http://baishi.example/nb/", name="白石镇")]


def test_a_byte_order_mark_as_excel_writes_it_is_no_part_of_a_name(tmp_path):
    path = written(tmp_path, HEAD + "baishi,白石镇,trs,http://baishi.example/\n", "utf-8-sig")
    assert registry.load(path)[0].id == "baishi"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Bai Shi,x,trs,http://a.example/", "id 'Bai Shi'"),
        (",x,trs,http://a.example/", "id ''"),
        ("../up,x,trs,http://a.example/", "id '../up'"),
        ("one,x,trs,http://a.example/", "id 'one' stands twice"),
        (
            "two,x,trss,http://a.example/",
            f"family 'trss' is unknown; known are {', '.join(FAMILIES)}, or leave it empty",
        ),
        ("two,x,trs,a.example", "start_url 'a.example'"),
        ("two,x,trs,file:///etc/passwd", "start_url 'file:///etc/passwd'"),
        ("two,x,trs,http:///nb/", "start_url 'http:///nb/'"),
        ("two,x,trs,http://[::1/nb/", "start_url 'http://[::1/nb/'"),
        ("two,x,trs,http://a.example:99999/", "start_url 'http://a.example:99999/'"),
        ("two,x,trs", "start_url ''"),
    ],
)
def test_the_message_names_line_and_column(tmp_path, row, said):
    path = written(tmp_path, HEAD + "one,一,trs,http://one.example/\n" + row + "\n")
    with pytest.raises(RegistryError) as error:
        registry.load(path)
    assert f"{path}, line 3: " in str(error.value)
    assert said in str(error.value)


def test_a_cell_of_two_lines_does_not_shift_the_line_that_is_named(tmp_path):
    path = written(tmp_path, HEAD + 'one,"一\n二",trs,http://one.example/\ntwo,x,wrong,http://two.example/\n')
    with pytest.raises(RegistryError, match="line 4: family 'wrong'"):
        registry.load(path)


def test_a_missing_column_and_a_missing_file_are_told(tmp_path):
    with pytest.raises(RegistryError, match="the column start_url is missing"):
        registry.load(written(tmp_path, "id,url\nbaishi,http://baishi.example/\n"))
    with pytest.raises(RegistryError, match="the column id, start_url is missing"):
        registry.load(written(tmp_path, ""))
    with pytest.raises(RegistryError, match=r"none\.csv: "):
        registry.load(tmp_path / "none.csv")


def test_a_registry_in_another_encoding_says_to_save_it_as_utf_8(tmp_path):
    path = written(tmp_path, HEAD + "one,白石镇,trs,http://one.example/\n", "gbk")
    with pytest.raises(RegistryError, match="UTF-8"):
        registry.load(path)


def test_sites_are_chosen_in_the_order_asked_for_and_all_where_none_is_named():
    sites = [Site(id=name, start_url="http://a.example/") for name in ("lanting", "baishi", "maipu")]
    assert [site.id for site in registry.choose(sites, ["maipu", "lanting"])] == ["maipu", "lanting"]
    assert registry.choose(sites, []) == sites


@pytest.mark.parametrize("typed", ["lantin", "antin", "lanting_xz", "LANTING"])
def test_an_unknown_site_suggests_near_ones(typed):
    sites = [Site(id=name, start_url="http://a.example/") for name in ("lanting", "lanting-xz", "maipu")]
    with pytest.raises(RegistryError, match=rf"no such site in the registry: {typed}; did you mean .*lanting") as error:
        registry.choose(sites, [typed])
    assert "maipu" not in str(error.value)


def test_nothing_is_suggested_where_nothing_is_near():
    with pytest.raises(RegistryError) as error:
        registry.choose([Site(id="lanting", start_url="http://a.example/")], ["zzz"])
    assert "did you mean" not in str(error.value)


def test_the_registry_of_this_repository_is_usable():
    sites = registry.load()
    assert len(sites) == len({site.id for site in sites}) > 0
