"""What pages say in two languages where neither the form nor the database says it."""

from __future__ import annotations

STATES = {
    "number": ("已读出数字", "a number is printed and read"),
    "blank": ("空白：表中有此格，格内无字", "blank: the cell is there and empty"),
    "na_mark": ("以“/”“—”“无”等代替数字", "“/”, “—”, 无 or the like is printed instead of a number"),
    "unreadable": ("有内容但无法辨读", "something is printed that cannot be read"),
    "absent": ("原文没有这一格", "the document does not have this cell"),
}
ROLES = {
    "page": ("网页正文", "page"),
    "attachment": ("附件", "attachment"),
    "twin": ("同内容附件", "attachment with the same numbers"),
    "edition": ("旧版本", "earlier edition"),
}
SCOPES = {
    "own_office": ("仅本机关（办公室）", "the office alone"),
    "government_own": ("政府本身", "the government in its own name"),
    "level": ("本级政府及其部门", "the government and its departments"),
    "territory": ("全辖区汇总", "the whole territory, lower levels included"),
}
CAUSES = {
    "source": ("原文如此（两种独立读法一致）", "printed so (two independent readings agree)"),
    "extraction": ("读取有误", "our reading is wrong"),
    "unknown": ("原因未定：先怀疑读取，再怀疑原文", "not settled: first suspect our reading, then the source"),
}
FAILURES = {
    "gone": ("网页已不存在（404、410）", "page gone (404, 410)"),
    "blocked": ("网站拒绝访问", "blocked by the site"),
    "robots": ("robots.txt 不允许", "not allowed by robots.txt"),
    "refused": ("连接被拒", "connection refused"),
    "timeout": ("超时", "timed out"),
    "truncated": ("内容不完整", "cut off"),
    "server_error": ("服务器错误", "server error"),
    "too_large": ("文件过大", "too large"),
    "unsafe_address": ("地址不安全", "unsafe address"),
    "not_followed": ("未继续跟随", "not followed"),
    "other": ("其他", "other"),
}
IDENTITIES_EN = {
    "T2-FLOW": "newly received + carried in = total handled + carried out",
    "T2-OUTCOME-2021": "total handled = sum of the outcomes (1) to (6)",
    "T2-ROWSUM": "natural persons + organisations = total",
    "T3-SUM-review": "upheld + corrected + other + pending = total",
    "T3-SUM-lit_direct": "upheld + corrected + other + pending = total",
    "T3-SUM-lit_after_review": "upheld + corrected + other + pending = total",
}
GROUPS_EN = {
    "第二十条第（一）项": "Article 20 (1)",
    "第二十条第（五）项": "Article 20 (5)",
    "第二十条第（六）项": "Article 20 (6)",
    "第二十条第（八）项": "Article 20 (8)",
    "三、本年度办理结果": "III. Outcomes this year",
    "（三）不予公开": "(3) Denied",
    "（四）无法提供": "(4) Unable to provide",
    "（五）不予处理": "(5) Not processed",
    "（六）其他处理": "(6) Other handling",
}
NUMBERS_EN = {
    "一、": "I.",
    "二、": "II.",
    "三、": "III.",
    "四、": "IV.",
    "（一）": "(1)",
    "（二）": "(2)",
    "（六）": "(6)",
    "（七）": "(7)",
}
MEDIA_TYPES = {
    "text/html": "HTML",
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "text/plain": "TXT",
    "multipart/related": "MHTML",
    "application/xml": "XHTML",
    "application/zip": "ZIP",
    "application/x-ole-storage": "DOC",
    "application/rtf": "RTF",
    "application/ofd": "OFD",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/vnd.ms-excel": "XLS",
    "application/vnd.oasis.opendocument.text": "ODT",
}
CHECKS = {
    "T2-FLOW": ("申请：新收＋结转＝办结＋结转下年", "requests: received + carried in = handled + carried out"),
    "T2-OUTCOME-2021": ("申请：办理结果之和＝总计", "requests: outcomes add up to the total"),
    "T2-ROWSUM": ("申请：各类申请人之和＝总计", "requests: applicants add up to the total"),
    "T3-SUM-review": ("行政复议：各结果之和＝总计", "reconsideration: results add up"),
    "T3-SUM-lit_direct": ("直接诉讼：各结果之和＝总计", "litigation filed directly: results add up"),
    "T3-SUM-lit_after_review": ("复议后诉讼：各结果之和＝总计", "litigation after reconsideration: results add up"),
}
MARKS = {
    "read": ("●", "已读出数字", "numbers read"),
    "failed": ("▲", "有核对未通过", "a check failed"),
    "no_numbers": ("○", "有报告，尚无数字", "report found, no numbers read"),
}
UNITS_EN = {"件": "items", "万元": "× 10,000 yuan"}
