"""What pages say that is no report: lines and small tables that stand anywhere around one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

LINES = (
    "当前位置：首页 > 政务公开 > 法定主动公开内容",
    "浏览次数：1024",
    "字体：[大 中 小]",
    "打印本页 关闭窗口",
    "主办单位：县人民政府办公室 网站标识码 3399990001",
    "咨询电话 0557-1234567",
    "本页面更新于 2024-01-31 10:24:00",
    "分享到：",
    "扫一扫在手机打开当前页",
    "相关链接",
    "注",
    " ",
)
TABLES = (
    (("网站地图", "联系我们", "关于本站"),),
    (("今日天气", "12", "℃"), ("空气质量", "87", "良")),
    (("序号", "栏目", "更新时间"), ("1", "通知公告", "2024-01-05"), ("2", "政策解读", "2024-01-09")),
    (("",),),
    (("电话", "0557-7654321", "邮编", "234000"),),
)


def line(chance: Random) -> str:
    """A line of a page's furniture."""
    return chance.choice(LINES)


def table(chance: Random) -> tuple[tuple[str, ...], ...]:
    """An unrelated table: rows of texts."""
    return chance.choice(TABLES)
