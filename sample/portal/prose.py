"""The sections' text of a sample report; the numbers in it are those of its tables."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sample.manifest import SampleReport

_OPENINGS = (
    "本年度，{issuer}按照《中华人民共和国政府信息公开条例》要求，持续做好政府信息公开各项工作。",
    "{issuer}坚持以公开为常态、不公开为例外，围绕群众关心的事项推进公开。",
    "一年来，{issuer}完善公开目录，规范办理程序，公开工作平稳有序。",
)
_MANAGEMENT = (
    "落实先审后发，信息发布前由经办人、科室负责人和分管领导逐级审核。",
    "对历年文件进行清理，标注有效性，及时调整公开属性。",
    "指定专人管理公开档案，做到底数清楚、来源可查。",
)
_PLATFORM = (
    "公开专栏全年更新及时，首页增设检索入口，方便查阅。",
    "在便民服务大厅设置公开查阅点一处，配备自助查询设备。",
    "公告栏与网站同步发布，兼顾不常上网的群众。",
)
_SUPERVISION = (
    "全年组织业务学习两次，未发生因公开工作被追究责任的情况。",
    "将公开工作纳入年度考核，接受社会评议，评议结果为满意。",
    "主动公布监督电话，认真办理意见建议。",
)
_PROBLEMS = (
    "主要问题：政策解读形式较单一，更新频次不够均衡。改进措施：增加图文解读，按月检查栏目。",
    "存在的不足：经办人员变动较多，业务熟悉程度不一。下一步将开展轮训，编印办理手册。",
    "公开内容与群众需求还有差距。今后将结合咨询热点调整公开重点，提高针对性。",
)


def sections(report: SampleReport) -> dict[str, list[str]]:
    """Section key -> paragraphs, the same at every call."""
    choose = random.Random(f"{report.issuer}{report.year}")
    received = report.cells.get("requests.received_new.total")
    handled = report.cells.get("requests.outcome_total.total")
    asked = (
        f"（二）依申请公开。{report.year}年收到政府信息公开申请{received:g}件，办结{handled:g}件。"
        if received
        else "（二）依申请公开。本年度未收到政府信息公开申请。"
    )
    return {
        "overview": [
            choose.choice(_OPENINGS).format(issuer=report.issuer),
            f"（一）主动公开。{report.year}年通过各类渠道主动公开政府信息{choose.randint(20, 400)}条。",
            asked,
            "（三）政府信息管理。" + choose.choice(_MANAGEMENT),
            "（四）政府信息公开平台建设。" + choose.choice(_PLATFORM),
            "（五）监督保障。" + choose.choice(_SUPERVISION),
        ],
        "problems": [choose.choice(_PROBLEMS)],
        "other": [f"{report.year}年本机关未收取信息处理费。", "联系人电话：000-0000000（示例）。"],
    }
