"""The province's sites and agencies. Every name is invented."""

from __future__ import annotations

from dataclasses import dataclass

PROVINCE = "云岫省"


@dataclass(frozen=True)
class Place:
    """One site. ``agencies`` report on it; ``shape`` is the way from the home page to the reports (see shapes.py).

    ``charset``: utf-8, gbk, "gb18030 as utf-8" or "utf-8 as latin-1" (what the server says is not what it sends).
    ``wall``: what the whole site answers instead of pages; its reports cannot be had. ``entrance``: what stands at ``/`` and
    leads to the home page: a redirect (302), one in the page's head (meta), or one in a script (script).
    ``links``: how a column shows those below it: anchors, options (the older years in a selection box), clicks (only a
    handler knows where they lead). ``fragile``: it fails (503) while another request is under way at its address.
    """

    id: str
    name: str
    family: str
    shape: str
    address: str
    agencies: tuple[str, ...]
    charset: str = "utf-8"
    validators: bool = True
    tags: bool = True
    delay: float = 0.0
    soft_404: bool = False
    gate: bool = False
    wall: str = ""
    entrance: str = ""
    links: str = "anchors"
    fragile: bool = False


PLACES = (
    Place(
        "yunxiu", "云岫省人民政府", "trs", "groups of years", "127.1.1.1",
        ("云岫省人民政府办公厅", "云岫省教育厅", "云岫省水利厅", "云岫省民政厅"), delay=0.2, gate=True,
    ),
    Place("yanzhou", "砚州市人民政府", "trs", "directory", "127.1.2.1", ("砚州市人民政府", "砚州市财政局", "鹤鸣区残疾人联合会")),
    Place("yanzhou-gk", "砚州市政府信息公开专栏", "trs writeln", "flat", "127.1.2.1", ("砚州市统计局", "砚州市审计局"), soft_404=True),
    Place("tangpu", "棠浦市人民政府", "jpage", "tree", "127.1.3.1", ("棠浦市人民政府办公室", "棠浦市交通运输局", "棠浦市农业农村局")),
    Place("qixi", "栖溪县人民政府", "jpage nextgroup", "flat", "127.1.3.1", ("栖溪县人民政府", "栖溪县民族宗教事务局")),
    Place("tongxi", "桐溪县人民政府", "annual page", "directory", "127.1.3.2", ("桐溪县人民政府", "桐溪县公安局", "白荻镇人民政府"), validators=False),
    Place("meiwu", "梅坞县人民政府", "jpaas", "years", "127.1.2.2", ("梅坞县人民政府办公室", "梅坞县教育局", "松隐镇人民政府")),
    Place("heming", "鹤鸣区人民政府", "ucap", "years", "127.1.2.3", ("鹤鸣区人民政府", "鹤鸣区民政局", "竹篙街道办事处"), entrance="302"),
    Place("fengdu", "枫渡县人民政府", "ucap search", "tree", "127.1.3.3", ("枫渡县人民政府办公室", "枫渡县司法局"), soft_404=True),
    Place("luting", "芦汀区人民政府", "ucap post", "flat", "127.1.3.4", ("芦汀区人民政府", "芦汀区住房和城乡建设局")),
    Place("weitang", "苇塘县人民政府", "xxgk", "directory", "127.1.3.5", ("苇塘县人民政府办公室", "苇塘县财政局", "鹭汀乡人民政府")),
    Place("qingli", "青笠县人民政府", "openness", "directory", "127.1.3.5", ("青笠县人民政府", "青笠县卫生健康委员会")),
    Place("shiliuwan", "石榴湾区人民政府", "lonsun", "directory", "127.1.3.6", ("石榴湾区人民政府", "石榴湾区城市管理局", "麦垄镇人民政府")),
    Place("qiaofeng", "樵风区人民政府", "nfcms", "directory", "127.1.4.1", ("樵风区人民政府", "樵风区应急管理局", "樟下镇人民政府"), delay=0.1, entrance="meta"),
    Place("yinghe", "萤河县政府信息公开目录", "gkmlpt", "directory", "127.1.4.2", ("萤河县人民政府", "萤河县科技局", "云栗镇人民政府")),
    Place("luoyan", "落雁县人民政府", "webplus", "notice", "127.1.4.3", ("落雁县人民政府办公室", "落雁县自然资源局"), tags=False),
    Place("qingshiling", "青石岭县人民政府", "epoint", "directory", "127.1.4.4", ("青石岭县人民政府", "青石岭县市场监督管理局")),
    Place("ouquan", "鸥泉县人民政府", "gongkai", "directory", "127.1.4.5", ("鸥泉县人民政府", "鸥泉县文化和旅游局"), links="clicks"),
    Place("shuangqiao", "霜桥县人民政府", "hebei", "tree", "127.1.4.6", ("霜桥县人民政府", "霜桥县生态环境局"), validators=False),
    Place("xueting", "雪汀县人民政府", "jeecms", "groups of years", "127.1.5.1", ("雪汀县人民政府", "雪汀县医疗保障局", "榆钱镇人民政府"), links="options"),
    Place("songlan", "松岚县人民政府", "objectid", "flat", "127.1.5.1", ("松岚县人民政府", "松岚县信访局"), charset="utf-8 as latin-1", tags=False),
    Place("dieshi", "叠石县人民政府", "snowflake", "unhelpful", "127.1.5.2", ("叠石县人民政府", "叠石县统计局")),
    Place("yezhou", "叶洲县人民政府", "html", "notice", "127.1.5.3", ("叶洲县人民政府", "叶洲县审计局"), charset="gb18030 as utf-8", tags=False),
    Place("panyun", "攀云区人民政府", "panzhihua", "directory", "127.1.5.4", ("攀云区人民政府", "攀云区水务局", "藤桥镇人民政府")),
    Place("zhuyuan", "竹垣县人民政府", "kunming", "years", "127.1.5.5", ("竹垣县人民政府", "竹垣县教育体育局")),
    Place("yanming", "岩茗县人民政府", "cms html", "tree", "127.1.5.6", ("岩茗县人民政府", "岩茗县林业局"), soft_404=True),
    Place("qingzhu", "青槠县人民政府", "article", "unhelpful", "127.1.6.1", ("青槠县人民政府", "青槠县农牧局")),
    Place("zhouting", "舟汀县人民政府", "class", "flat", "127.1.6.2", ("舟汀县人民政府", "舟汀县商务局"), tags=False),
    Place("fenglin", "枫麓县人民政府", "timestamp", "groups of years", "127.1.6.3", ("枫麓县人民政府", "枫麓县退役军人事务局"), entrance="script", fragile=True),
    Place("yunlu", "云廊县人民政府", "aspx", "tree", "127.1.6.3", ("云廊县人民政府", "云廊县发展和改革局"), fragile=True, charset="gbk", validators=False, tags=False),
    Place("hutao", "葫桃镇人民政府", "generic", "unhelpful", "127.1.6.4", ("葫桃镇人民政府",), charset="gbk", tags=False),
    Place("bimu", "碧暮县人民政府", "trs", "flat", "127.1.7.1", ("碧暮县人民政府",), wall="412"),
    Place("kongting", "空汀县人民政府", "ucap", "flat", "127.1.7.2", ("空汀县人民政府",), wall="521"),
    Place("menlou", "门楼县人民政府", "trs", "flat", "127.1.7.3", ("门楼县人民政府",), wall="robots 503"),
    Place("xiemen", "谢门县人民政府", "jeecms", "flat", "127.1.7.3", ("谢门县人民政府",), wall="robots all"),
    Place("juyuan", "拒园县人民政府", "kunming", "flat", "127.1.7.4", ("拒园县人民政府",), wall="403"),
    Place("kongke", "空壳县人民政府", "cms html", "flat", "127.1.7.5", ("空壳县人民政府",), wall="script shell"),
)  # fmt: skip
