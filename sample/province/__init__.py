"""A fictional province of some thirty sites, served on loopback: what a crawl finds that knows their home pages alone.

``Province`` keeps the contract of ``sample.world.World``. All is generated from names and a seed; places.py has the
sites, families/ what each content-management system makes of them.
"""

from __future__ import annotations

from sample.province.province import Province

__all__ = ["Province"]
