"""What pages say in two languages where neither the form nor the database says it."""

from __future__ import annotations

from extract.present_checks import titles

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
YEAR_SOURCES = {
    "title": ("标题", "title"),
    "period": ("统计期限", "statistical period"),
    "metadata": ("网页信息", "page data"),
}
FACT_MARKS = {
    "approximate": ("约数", "approximate"),
    "negation": ("原文说没有", "the text says there was none"),
}
PERIODS = {
    "previous": ("上一年度", "the year before"),
    "cumulative": ("累计数", "cumulative"),
    "other": ("其他时段", "another period"),
}
FACT_SCOPES = {
    "own": ("本机关", "this office's own"),
    "territory": ("全辖区", "the whole territory"),
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
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
}
CHECKS = titles()
STATE_WORDS = {
    "blank": ("空", "blank"),
    "na_mark": ("“/”等", "“/” or the like"),
    "unreadable": ("难辨", "unclear"),
    "absent": ("无此格", "absent"),
}
CORRECTIONS = {
    "applied": ("已更正", "corrected"),
    "agrees": ("读取已与原文一致，无需更正", "the reader agrees by now"),
    "refused": ("未采用", "refused"),
}
SEVERITIES = {
    "error": ("未通过", "failed"),
    "warn": ("提醒：请予说明", "to be explained"),
    "info": ("供参考", "worth a look"),
}
MARKS = {
    "read": ("●", "已读出数字", "numbers read"),
    "failed": ("▲", "有核对未通过", "a check failed"),
    "no_numbers": ("○", "有报告，尚无数字", "report found, no numbers read"),
}
UNITS_EN = {"件": "items", "万元": "× 10,000 yuan"}
AGENCY_STATUSES = {
    "resolved": ("已确认", "resolved"),
    "ambiguous": ("不止一个可能，待人确认", "more than one is possible; waits for a person"),
    "unknown": ("未能确认，待人确认", "not known; waits for a person"),
}
AGENCY_KINDS = {
    "government": ("人民政府", "government"),
    "office": ("政府办公室", "government office"),
    "department": ("部门", "department"),
    "township": ("乡镇政府", "township government"),
    "town": ("镇政府", "town government"),
    "subdistrict": ("街道办事处", "subdistrict office"),
    "vertical": ("垂直管理机关", "organ of a vertical line"),
    "functional_area": ("开发区等管理机构", "committee of a development zone or the like"),
    "party": ("党委机构", "party organ"),
    "organisation": ("其他组织", "other organisation"),
    "central": ("中央机关", "central organ"),
}
LEVELS = {
    "central": ("中央", "central"),
    "province": ("省级", "province"),
    "prefecture": ("市级", "prefecture"),
    "county": ("县级", "county"),
    "township": ("乡镇（街道）", "township"),
}
EVIDENCE = {
    "title": ("标题", "title"),
    "issuer": ("署名", "issuer"),
    "signature": ("落款", "signature"),
    "breadcrumb": ("网页位置", "breadcrumb"),
    "site": ("网站登记", "registry of sites"),
    "site code": ("网站标识码", "site code"),
    "police": ("公安备案号", "police filing number"),
    "icp": ("ICP 备案号", "ICP number"),
    "superior": ("正文提到的上级", "superior named in the text"),
    "level": ("正文所称上级的层级", "level of the superior in the text"),
    "document number": ("文号", "document number"),
    "other county": ("正文提到别的县", "another county in the text"),
    "postcode": ("邮政编码", "postcode"),
    "phone": ("电话区号", "area code"),
    "decided": ("人工确认", "decided by a person"),
}
BASES = {
    "documents": ("同一报告的各份文件", "documents of this report"),
    "years": ("与上年", "the year before"),
    "neighbours": ("与邻近机关", "neighbours"),
    "levels": ("上下级之间", "levels"),
}
ROLLUPS = {
    "equal": ("相等", "equal"),
    "differs": ("不等", "differs"),
    "exceeds": ("已找到的之和超出", "the parts found exceed it"),
    "incomplete": ("单位未找全，不作判断", "parts are missing: no verdict"),
    "not_assessable": ("无法核对", "cannot be assessed"),
}
