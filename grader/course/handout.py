"""Places of a handout that a message can point to: where a formula or a rule is explained.

A place is named by the text of a heading, or by the bold text that begins a paragraph. Of the
latter a function's name is enough:

    ## The model
    **`softmax(Z)`** takes scores of shape (n, k) ...

are the places "The model" and "softmax".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*\s*$")
_BOLD = re.compile(r"\s*(?:[-*+]|\d+[.)])?\s*\*\*(.+?)\*\*")
_MARKS = re.compile(r"[`*_$]")


@dataclass(frozen=True)
class Place:
    """A place of a handout. line: counted from 1. text: the heading or bold text itself."""

    line: int
    text: str


def places(handout: str) -> list[Place]:
    """Every place of a Markdown text, in order."""
    found = []
    fence = ""
    for number, line in enumerate(handout.splitlines(), start=1):
        mark = _FENCE.match(line)
        if mark:
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence):
                fence = ""
        elif not fence:
            named = _HEADING.match(line) or _BOLD.match(line)
            if named:
                found.append(Place(number, named[1].replace("`", "").strip(" .:")))
    return found


def find_place(handout: str, name: str) -> Place | None:
    """The place of a text, or of a function by its name; None if there is none."""
    wanted = _plain(name)
    for place in places(handout):
        text = _plain(place.text)
        if wanted in (text, text.split("(")[0]):
            return place
    return None


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub("", text).casefold().split())
