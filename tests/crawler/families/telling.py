"""One family's pages are told from all others': what each family's tests ask."""

from crawler.families import FAMILIES, recognise

from . import fixtures, pages

MADE = {
    "trs": [pages.trs(), pages.trs_article()],
    "hanweb": [pages.hanweb()],
    "ucap": [pages.ucap()],
    "gkmlpt": [pages.gkmlpt_index('{"SID": "1", "TREE": []}'), pages.gkmlpt_api("{}")],
}
WITH_PAGES = sorted({*MADE, *fixtures.FOLDERS})
OTHERS = {name: [other for other in WITH_PAGES if other != name] for name in WITH_PAGES}


def only(family, page):
    """The page is this family's, and none but the last resort takes it too."""
    assert recognise(page) is family
    takers = [name for name, other in FAMILIES.items() if other.recognises(page)]
    assert takers == [family.NAME, "generic"]


def none_of(family, other):
    """No page of the other family is taken by this one."""
    found = [*MADE.get(other, []), *(fixtures.pages(other).values() if other in fixtures.FOLDERS else [])]
    assert found
    assert [page.url for page in found if family.recognises(page)] == []
