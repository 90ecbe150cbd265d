"""The marks of a check, refused by name where they are misused."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError

from grader.course.assignment import LimitsSpec
from grader.errors import SpecError

_OF_ALL = {
    "total_s": "is for the whole submission; set it under [limits] in assignment.toml",
    "load_s": "is for loading the submission; set it under [limits] in assignment.toml",
}


_MARKS = ("points", "bonus", "limit", "visibility", "hint", "waived", "see")
_OF_ONE_VALUE = {"points": "points(2)", "visibility": 'visibility("hidden")'}
_ALIKE = 0.75  # as difflib measures it: "hints" and "wavied" are


def refuse_misused_marks(item: pytest.Item) -> None:
    """Raises SpecError for a mark that would silently have no effect, or not the one meant."""
    for mark in item.iter_markers():
        text = mark.args[0] if len(mark.args) == 1 and not mark.kwargs else None
        if mark.name in ("hint", "see") and not (isinstance(text, str) and text.strip()):
            raise _wrong(item, mark.name, "takes one text", f'write {mark.name}("...")')
        if mark.name in _OF_ONE_VALUE and (len(mark.args) > 1 or mark.kwargs):
            raise _wrong(item, mark.name, "takes one value", f"write {_OF_ONE_VALUE[mark.name]}")
        if mark.name == "parametrize" and len(mark.args) > 1 and mark.args[1] in ([], ()):
            raise _wrong(item, mark.name, "has no values", "give it at least one")
        near = difflib.get_close_matches(mark.name, _MARKS, n=1, cutoff=_ALIKE)
        if near and mark.name not in _MARKS:
            raise SpecError(
                f"{item.path}: {item.name} is marked {mark.name}, which has no effect; did you "
                f"mean {near[0]}?"
            )
    own = Counter(mark.name for mark in getattr(getattr(item, "obj", None), "pytestmark", ()))
    for name in ("points", "visibility", "see"):
        if own[name] > 1:
            raise _wrong(item, name, f"stands there {own[name]} times", "leave one")


def is_bonus(item: pytest.Item) -> bool:
    """Whether a check's points come on top of the maximum. Raises SpecError."""
    mark = item.get_closest_marker("bonus")
    if mark is None:
        return False
    if mark.args or mark.kwargs:
        raise _wrong(item, "bonus", "takes nothing", "give the points with @pytest.mark.points(n)")
    return True


def limits_of_check(item: pytest.Item) -> LimitsSpec | None:
    """The limits that a check has of its own, None if it has none. Raises SpecError.

    Of several marks `limit` the one nearest to the function decides, key by key.
    """
    given: dict[str, Any] = {}
    marks = list(item.iter_markers("limit"))
    for mark in reversed(marks):
        if mark.args or not mark.kwargs:
            raise _wrong(item, "limit", "takes its values by name", "write limit(call_s=20)")
        given |= mark.kwargs
    for name, why in _OF_ALL.items():
        if name in given:
            raise _wrong(item, "limit", f"holds `{name}`, which {why}", "leave it out here")
    try:
        return LimitsSpec.model_validate(given) if marks else None
    except ValidationError as exc:
        error = exc.errors()[0]
        name = str(error["loc"][0])
        if error["type"] == "extra_forbidden":
            known = ", ".join(key for key in LimitsSpec.model_fields if key not in _OF_ALL)
            raise _wrong(item, "limit", f"holds `{name}`", f"it may hold {known}") from None
        told = error["msg"][0].lower() + error["msg"][1:]
        raise _wrong(item, "limit", f"holds a wrong `{name}`", told) from None


def _wrong(item: pytest.Item, mark: str, fact: str, remedy: str) -> SpecError:
    return SpecError(f"{item.path}: {item.name}: the mark {mark} {fact}; {remedy}")
