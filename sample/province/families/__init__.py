"""The systems that the province's sites run on: each file tells how lists, pages and documents are addressed there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample.province.families import anhui, endpoints, guangdong, hanweb, numbered, shorter, trs, ucap, webplus

if TYPE_CHECKING:
    from sample.province.site import Site

FAMILIES: dict[str, type[Site]] = {
    "trs": trs.Trs,
    "trs writeln": trs.Writeln,
    "jpage": hanweb.Jpage,
    "jpage nextgroup": hanweb.NextGroup,
    "annual page": hanweb.AnnualPage,
    "jpaas": hanweb.Jpaas,
    "ucap": ucap.Ucap,
    "ucap search": ucap.Search,
    "ucap post": ucap.InterfaceCms,
    "xxgk": anhui.Xxgk,
    "openness": anhui.Openness,
    "lonsun": anhui.LonSun,
    "nfcms": guangdong.Nfcms,
    "gkmlpt": guangdong.Gkmlpt,
    "webplus": webplus.Webplus,
    "epoint": endpoints.Epoint,
    "gongkai": shorter.Gongkai,
    "hebei": shorter.Hebei,
    "jeecms": shorter.Jeecms,
    "panzhihua": shorter.Areas,
    "kunming": shorter.Dated,
    "cms html": shorter.CmsHtml,
    "article": shorter.ArticleStamp,
    "class": shorter.Classes,
    "objectid": numbered.ObjectId,
    "snowflake": numbered.Snowflake,
    "html": numbered.SixteenDigits,
    "timestamp": numbered.StampDirectories,
    "aspx": numbered.Aspx,
    "generic": numbered.HandMade,
}
