"""A function of the student's that answers in the form of its arguments, for what calls it.

A gradient that has its parts in another order, or a column where a row is asked for, breaks every
descent along it. So that the descent can be judged by itself, such answers are put in form on their
way: the numbers stay the student's own. Runs beside the student's code, so nothing here is trusted.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from numpy import array, asarray, full, ndarray, ndim, shape, zeros

Array = ndarray[Any, Any]


def in_form(function: Callable[..., Any], count: int) -> Callable[..., Any]:
    """`function`, with what it gives in the form of its first `count` arguments, or of the first.

    count: with 0 it gives one row of numbers. What cannot be brought into that form is given as it
    is.
    """

    @functools.wraps(function)
    def formed(*args: Any, **kwargs: Any) -> Any:
        value = function(*args, **kwargs)
        try:
            if not count:
                return array(value, dtype=float).ravel()
            given = inspect.signature(function).bind(*args, **kwargs).args if kwargs else args
            return formed_like(given[0] if count == 1 else given[:count], value)
        except Exception:
            return value

    return formed


def formed_like(like: Any, value: Any) -> Any:
    """The numbers of `value` in the form of `like`: arrays and numbers, alone or nested in lists.

    Parts are told by their shapes where all of these are there, else by their places, else by their
    sizes; one array for all of them is cut up. What is left then is incomplete: a single number
    stands for a part whose entries are all that number, and a part that is missing is zero.
    Raises ValueError where that does not go.
    """
    wanted, parts = [asarray(part) for part in _parts(like)], list(_parts(value))
    if len(parts) == 1 < len(wanted) and parts[0].size >= sum(part.size for part in wanted):
        flat, parts = parts[0].ravel(), []
        for part in wanted:
            parts.append(flat[: part.size])
            flat = flat[part.size :]
        if flat.size:
            raise ValueError("there are more numbers than are asked for")
    chosen = _chosen(wanted, parts, _is_same)
    if chosen is None and [part.size for part in parts] == [part.size for part in wanted]:
        chosen = parts
    chosen = chosen or _chosen(wanted, parts, _is_as_large)
    if chosen is None:
        chosen = _completed(wanted, parts)
    pairs = zip(wanted, chosen, strict=True)
    return _nested(like, (_shaped(part, own) for part, own in pairs))


def _chosen(
    wanted: list[Array], parts: list[Array], fits: Callable[[Array, Array], bool]
) -> list[Array] | None:
    """One of `parts` for each that is wanted, no one twice; None where none fits."""
    left, chosen = list(parts), []
    for part in wanted:
        place = next((k for k, own in enumerate(left) if fits(part, own)), None)
        if place is None:
            return None
        chosen.append(left.pop(place))
    return chosen


def _completed(wanted: list[Array], parts: list[Array]) -> list[Array]:
    """A part for each that is wanted, in order, of parts of which some are not there.

    Raises ValueError where less than half of all numbers are there, or a part is left over.
    """
    left = [part for part in parts if part.size]
    chosen: list[Array] = []
    there = 0
    for part in wanted:
        place = next((k for k, own in enumerate(left) if own.size == part.size), None)
        there += part.size if place is not None else 0
        if place is None:
            place = next((k for k, own in enumerate(left) if own.size == 1), None)
        own = zeros(part.shape) if place is None else left.pop(place)
        chosen.append(own if own.size == part.size else full(part.shape, own.ravel()[0]))
    if left or 2 * there < sum(part.size for part in wanted):
        raise ValueError("parts are of other sizes")
    return chosen


def _is_same(part: Array, own: Array) -> bool:
    return bool(part.shape == own.shape)


def _is_as_large(part: Array, own: Array) -> bool:
    return bool(part.size == own.size)


def _shaped(part: Array, own: Array) -> Array:
    turned = part.shape != own.shape and part.shape == own.shape[::-1]
    return (own.T if turned else own).reshape(part.shape)


def _parts(value: Any) -> Iterator[Array]:
    """The arrays and numbers of a value, in order. A list of numbers is an array."""
    if isinstance(value, dict):
        value = list(value.values())
    if _is_nested(value):
        for item in value:
            yield from _parts(item)
    else:
        yield array(value, dtype=float)


def _is_nested(value: Any) -> bool:
    return isinstance(value, list | tuple) and not all(map(_is_number, value))


def _is_number(value: Any) -> bool:
    return not isinstance(value, list | tuple | dict) and ndim(value) == 0


def _nested(like: Any, parts: Iterator[Array]) -> Any:
    if _is_nested(like):
        items = [_nested(item, parts) for item in like]
        return items if isinstance(like, list) else tuple(items)
    part = next(parts)
    return part if shape(part) else float(part)
