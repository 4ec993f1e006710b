"""config/crawl.toml: what a person decides about crawling."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from crawler import hours

DEFAULT = Path(__file__).resolve().parent.parent / "config" / "crawl.toml"


_ABOVE_0 = ("timeout", "largest_body", "most_leads", "most_pages", "most_minutes")
_KINDS = {"contact": "a text", "hours": "a text", "unverified": "a list of hosts"}


class ConfigError(Exception):
    """config/crawl.toml cannot be used; the message names what to change."""


@dataclass(frozen=True, slots=True)
class CrawlConfig:
    """Seconds, bytes, pages and minutes; ``contact`` stands in the user agent, empty means that nobody is named yet.

    ``hours``: the window in which sites are asked (crawler/hours.py). ``unverified``: hosts whose certificates need not
    be in order.
    """

    contact: str = ""
    delay: float = 1.0
    jitter: float = 0.3
    timeout: float = 90
    largest_body: int = 33_554_432
    most_leads: int = 300
    most_pages: int = 5000
    most_minutes: float = 240
    hours: str = ""
    unverified: tuple[str, ...] = ()

    def user_agent(self, version: str) -> str:
        """An honest name, and who to write to."""
        return f"Gongkai/{version} (archive of open government information reports; {self.contact or 'no contact set'})"


def load(path: Path = DEFAULT) -> CrawlConfig:
    """The configuration.

    Raises:
        ConfigError: it is no TOML, has an unknown name or a value of another kind, a number that is not above 0
            where it must be, or a contact that nobody can write to.
    """
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    unknown = values.keys() - {field.name for field in fields(CrawlConfig)}
    if unknown:
        raise ConfigError(f"{path}: unknown {', '.join(sorted(unknown))}")
    for name, value in values.items():
        if not _fits(name, value):
            raise ConfigError(f"{path}: {name} must be {_KINDS.get(name, 'a number')}, not {value!r}")
    config = CrawlConfig(**{**values, "unverified": tuple(values.get("unverified", ()))})
    try:
        hours.parse(config.hours)
    except hours.HoursError as error:
        raise ConfigError(f"{path}: {error}") from error
    if config.contact and not re.search("@|https?://", config.contact):
        raise ConfigError(f"{path}: contact must hold an e-mail address or a page (http...), not {config.contact!r}")
    for name in _ABOVE_0:
        if not getattr(config, name) > 0:
            raise ConfigError(f"{path}: {name} must be above 0")
    if not config.delay > 0:
        raise ConfigError(f"{path}: delay must be above 0; without a delay requests to one address overlap")
    if not 0 <= config.jitter < 1:
        raise ConfigError(f"{path}: jitter must be from 0 to below 1; at 1 a delay may come to nothing")
    return config


def _fits(name: str, value: object) -> bool:
    if name == "unverified":
        return isinstance(value, list) and all(isinstance(host, str) for host in value)
    return isinstance(value, str if name in _KINDS else (int, float)) and not isinstance(value, bool)
