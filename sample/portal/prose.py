"""The sections' text of a sample report; the numbers in it are those of its tables, but for what ``told`` says.

Which sentences stand there follows from the report's voice: no agency repeats itself from one year to the next, and no
two agencies say the same in one year, unless one copied.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sample.manifest import SampleReport

_OPENINGS = (
    "本年度，{issuer}按照《中华人民共和国政府信息公开条例》要求，持续做好政府信息公开各项工作。",
    "{issuer}坚持以公开为常态、不公开为例外，围绕群众关心的事项推进公开。",
    "一年来，{issuer}完善公开目录，规范办理程序，公开工作平稳有序。",
    "{issuer}把公开摆在服务群众的位置，调整分工，压实责任，把每一项要求落到科室和个人。",
    "对照年度要点，{issuer}列出任务清单，按季度检查进展，逐项销号。",
)
_MANAGEMENT = (
    "落实先审后发，信息发布前由经办人、科室负责人和分管领导逐级审核。",
    "对历年文件进行清理，标注有效性，及时调整公开属性。",
    "指定专人管理公开档案，做到底数清楚、来源可查。",
    "建立信息台账，每月核对一次栏目，发现错链、空白页当天处理。",
    "涉及个人隐私和商业秘密的材料一律先作去标识处理，再行发布。",
)
_PLATFORM = (
    "公开专栏全年更新及时，首页增设检索入口，方便查阅。",
    "在便民服务大厅设置公开查阅点一处，配备自助查询设备。",
    "公告栏与网站同步发布，兼顾不常上网的群众。",
    "改版公开目录，把办事指南、收费标准和常见问题归到一处。",
    "依托县级平台集中发布，不再单设网站，账号由专人保管。",
)
_SUPERVISION = (
    "全年组织业务学习两次，未发生因公开工作被追究责任的情况。",
    "将公开工作纳入年度考核，接受社会评议，评议结果为满意。",
    "主动公布监督电话，认真办理意见建议。",
    "邀请村社代表和企业代表座谈，当面听取对公开内容的看法。",
    "对照第三方评估反馈，逐条整改，结果在本单位范围内通报。",
)
_PROBLEMS = (
    "主要问题：政策解读形式较单一，更新频次不够均衡。改进措施：增加图文解读，按月检查栏目。",
    "存在的不足：经办人员变动较多，业务熟悉程度不一。下一步将开展轮训，编印办理手册。",
    "公开内容与群众需求还有差距。今后将结合咨询热点调整公开重点，提高针对性。",
    "答复文书格式不够统一，说理不足。下一步将参照范本修订文书，重要答复先经法制审核。",
    "基层公开力量薄弱，有的栏目更新滞后。今后将明确每个栏目的更新时限，落实到岗到人。",
)
OLDER = (("概述", "overview"), ("依申请公开情况", "asked"), ("存在问题和改进措施", "problems"), ("其他事项", "other"))
"""The chapters of a report of 2018, and which of its texts stands in each."""
_CHOICES = 5


def sections(report: SampleReport) -> dict[str, list[str]]:
    """Section key -> paragraphs, the same at every call; a report of 2018 has what was asked for in a chapter apart."""
    choose = random.Random(f"{report.issuer}{report.year}")
    published = f"{report.year}年通过各类渠道主动公开政府信息{choose.randint(20, 400)}条。"
    opening, management, platform, supervision, problem = (
        _of(report, slot, sentences)
        for slot, sentences in enumerate((_OPENINGS, _MANAGEMENT, _PLATFORM, _SUPERVISION, _PROBLEMS))
    )
    opening = opening.format(issuer=report.issuer)
    other = [_fee(report), "联系人电话：000-0000000（示例）。"]
    if not report.cells:
        return {"overview": [opening, published, management], "asked": [_asked(report)]} | {
            "problems": [problem],
            "other": other[1:],
        }
    return {
        "overview": [
            opening,
            f"（一）主动公开。{published}",
            f"（二）依申请公开。{_asked(report)}",
            f"（三）政府信息管理。{management}",
            f"（四）政府信息公开平台建设。{platform}",
            f"（五）监督保障。{supervision}",
        ],
        "problems": [problem],
        "other": other,
    }


def _of(report: SampleReport, slot: int, sentences: tuple[str, ...]) -> str:
    """Of the voices 5a + b no two share more than one sentence in a year, and none keeps one from year to year."""
    number, year = report.voice
    group, place = divmod(number, _CHOICES)
    return sentences[(place + slot * group + year) % _CHOICES]


def _asked(report: SampleReport) -> str:
    received = report.told.get("requests", report.cells.get("requests.received_new.total"))
    handled = report.cells.get("requests.outcome_total.total")
    everywhere = "共" if report.itself == "全县" else ""
    if not received:
        return f"{report.year}年{report.itself}未收到政府信息公开申请。"
    told = f"{report.year}年{report.itself}{everywhere}收到政府信息公开申请{received:g}件"
    return f"{told}。" if handled is None else f"{told}，办结{handled:g}件。"


def _fee(report: SampleReport) -> str:
    if "fee_yuan" not in report.told:
        return f"{report.year}年本机关未收取信息处理费。"
    cases, yuan = report.told["fee_cases"], report.told["fee_yuan"]
    where = "全县" if report.itself == "全县" else ""
    return f"{report.year}年{where}有{cases}件政府信息公开申请案件收取信息处理费{yuan}元。"
