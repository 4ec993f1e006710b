"""How pages are framed: what of a page stands where, and in which elements. A site keeps to one frame and one menu."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# {head}: tags and title; {nav}, {trail}, {body}, {foot}: markup; {a} to {d}: class names of the site.
FRAMES = (
    (
        "<!DOCTYPE html><html><head>{head}</head><body><div class={a}>{nav}</div><div class={b}>{trail}</div>"
        "<div class={c}>{body}</div><div class={d}>{foot}</div></body></html>"
    ),
    (
        "<HTML><HEAD>{head}</HEAD><BODY><TABLE width=1000 class={a}><TR><TD colspan=2>{trail}</TD></TR><TR><TD class={b} width=180>"
        "{nav}</TD><TD class={c}><TABLE><TR><TD>{body}</TD></TR></TABLE></TD></TR></TABLE><CENTER class={d}>{foot}</CENTER></body></HTML>"
    ),
    (
        "<!doctype html><html lang=zh><head>{head}</head><body class={a}><main id={b}><p>{trail}</p><article>{body}</article></main>"
        "<aside class={c}>{nav}</aside><footer class={d}>{foot}</footer></body></html>"
    ),
    (
        "<!DOCTYPE html><html><head>{head}</head><body><div id={a}><div><div class={b}><div>{nav}</div></div></div>"
        "<div class='{c} clearfix'><div><div><span>{trail}</span></div><div><div>{body}</div></div></div></div></div>"
        "<div class={d}>{foot}</div></body></html>"
    ),
)
_SYLLABLES = ("wp", "zone", "inner", "bd", "mod", "area", "gb", "cont", "blk", "pan", "sec", "unit", "grid", "pl")


def class_name(number: int) -> str:
    """A class name made of a number that only one site has for a role."""
    return f"{_SYLLABLES[number % len(_SYLLABLES)]}{'-_'[number % 2]}{number % 53}"


def menu(style: int, css: str, links: Iterable[tuple[str, str]]) -> str:
    """Links one beside or below the other."""
    made = [f'<a href="{escape(target)}">{text}</a>' for text, target in links]
    if style == 0:
        return f"<ul class={css}>" + "\n".join(f"<li>{link}</li>" for link in made) + "</ul>"
    if style == 1:
        return f"<table class={css}><tr>" + "\n".join(f"<td>{link}</td>" for link in made) + "</tr></table>"
    if style == 2:
        return f"<p class={css}>" + " | ".join(made) + "</p>"
    return f"<div class={css}>" + "\n".join(f"<h3><span></span>{link}</h3>" for link in made) + "</div>"
