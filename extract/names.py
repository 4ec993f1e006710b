"""Names of bodies made comparable: 云江市云溪县白石镇人民政府 and 白石镇 are one body, two bureaus are not."""

from __future__ import annotations

import re
import unicodedata

_GOVERNMENT = re.compile(r"(?:人民政府|政府|办事处|管理委员会|管委会)$")


def squeeze(text: str) -> str:
    """Without white space, in compatibility form.

    >>> squeeze("云溪县 白石镇（２０２３）")
    '云溪县白石镇(2023)'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def body_of(name: str) -> str:
    """The name without the words that only say that it is a government.

    >>> body_of("云溪县白石镇 人民政府")
    '云溪县白石镇'
    """
    return _GOVERNMENT.sub("", squeeze(name))


def same_body(left: str, right: str) -> bool:
    """Whether two printed names are of one body: alike but for 人民政府 and the places that stand before.

    >>> same_body("云江市云溪县白石镇人民政府", "白石镇"), same_body("云溪县水务局", "云溪县林业局"), same_body("", "")
    (True, False, False)
    """
    one, other = sorted((body_of(left), body_of(right)), key=len)
    return bool(one) and other.endswith(one)
