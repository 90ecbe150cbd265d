"""What Otter takes out of a solution for students, and what it leaves in its place."""

from __future__ import annotations

import re

_ASSIGNED = re.compile(r"(\s*[\w.,\[\]'\" ]+=)(?!=)")
_LINE = re.compile(r"#\s*SOLUTION\s*$")
_BEGIN = re.compile(r"(\s*)#\s*BEGIN SOLUTION( NO PROMPT)?\s*$")
_END = re.compile(r"\s*#\s*END SOLUTION\s*$")
_BEGIN_PROMPT = re.compile(r"\s*(?:\"\"\"|''')\s*#\s*BEGIN PROMPT\s*$")
_END_PROMPT = re.compile(r"\s*(?:\"\"\"|''')\s*;?\s*#\s*END PROMPT\s*$")
_REMOVED = re.compile(r"#\s*(SOLUTION NO PROMPT|SEED)\s*$")
_IGNORE = re.compile(r"#\s*IGNORE\s*$")
_BEGIN_IGNORE, _END_IGNORE = (re.compile(rf"\s*#\s*{w}\s*IGNORE\s*$") for w in ("BEGIN", "END"))


def without_ignored(source: str) -> str:
    """The source without what `# IGNORE` takes out of both versions. Raises ValueError."""
    kept = []
    inside = False
    for line in source.split("\n"):
        if _BEGIN_IGNORE.match(line) or _END_IGNORE.match(line):
            if inside == bool(_BEGIN_IGNORE.match(line)):
                raise ValueError(f"`{line.strip()}` has no partner")
            inside = not inside
        elif not inside and not _IGNORE.search(line):
            kept.append(line)
    return "\n".join(kept)


def without_solutions(source: str) -> tuple[str, str]:
    """What students get of a cell, and the cell without its prompts. Raises ValueError.

    In the first, `...` stands for what is taken out, and prompts are code.
    """
    starter: list[str] = []
    solution: list[str] = []
    inside = prompting = False
    for line in source.split("\n"):
        begin = _BEGIN.match(line)
        if _BEGIN_PROMPT.match(line) or _END_PROMPT.match(line):
            if prompting == bool(_BEGIN_PROMPT.match(line)):
                raise ValueError(f"`{line.strip()}` has no partner")
            prompting = not prompting
        elif prompting:
            starter.append(line)
        elif begin is not None:
            if inside:
                raise ValueError("two solutions begin one within the other")
            inside = True
            starter += [] if begin[2] else [f"{begin[1]}..."]
        elif _END.match(line):
            if not inside:
                raise ValueError("a solution ends that has not begun")
            inside = False
        else:
            solution.append(line)
            if not inside and not _REMOVED.search(line):
                starter.append(_prompt(line))
    if inside or prompting:
        raise ValueError("a solution or a prompt begins and does not end")
    return "\n".join(starter), "\n".join(solution)


def _prompt(line: str) -> str:
    """A line with `...` in the place of its solution."""
    if not _LINE.search(line):
        return line
    assigned = _ASSIGNED.match(line)
    before = line[: len(line) - len(line.lstrip())]
    return f"{before}..." if assigned is None else f"{assigned[1]} ..."
