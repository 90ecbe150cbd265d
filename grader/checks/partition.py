"""Check that a function divides indices into parts, as a split into training and test set does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from grader.checks.compare import array, sequence
from grader.checks.words import show
from grader.errors import CheckFailed

Ints = NDArray[np.int64]


def assert_partition(
    got: object, n: int, sizes: Sequence[int], names: Sequence[str]
) -> tuple[Ints, ...]:
    """The parts into which `got` divides 0, ..., n - 1: disjoint, together all of them.

    sizes: how many indices each part should have. names: what the parts are called. A part may be
    in any order, and an empty one any empty array or list.
    Raises CheckFailed, with a diagnosis where the mistake is plain, if it is something else.
    """
    items = sequence(got, len(sizes), f"({', '.join(names)})")
    parts = tuple(_indices(item, name) for item, name in zip(items, names, strict=True))
    for part, name in zip(parts, names, strict=True):
        _require_indices(part, n, name)
    _require_each_once(parts, n, names)
    lengths = [len(part) for part in parts]
    if lengths != list(sizes):
        # Rounding otherwise moves an index or two; that is no other order.
        apart = max(abs(a - b) for a, b in zip(lengths, sizes, strict=True))
        exchanged = sorted(lengths) == sorted(sizes) and apart > 2
        exchanged = exchanged and len(set(sizes)) == len(sizes)  # of equal ones none is named
        raise CheckFailed(
            "the parts have other sizes",
            expected=_counts(names, sizes),
            got=_counts(names, lengths),
            where=f"of {n} examples",
            diagnosis=f"Your parts come in another order: return {', '.join(names)}."
            if exchanged
            else None,
        )
    return parts


def _indices(value: object, name: str) -> Ints:
    if _is_empty(value):
        return np.zeros(0, np.int64)
    read: Ints = array(value, name, shape=(None,), kind="int")
    return read


def _is_empty(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return value.size == 0
    return isinstance(value, list | tuple) and all(_is_empty(item) for item in value)


def _require_indices(part: Ints, n: int, name: str) -> None:
    """Every entry is an index of an example, and none stands twice."""
    outside = part[(part < 0) | (part >= n)]
    if len(outside):
        raise CheckFailed(
            f"{name} holds {outside[0]}, and the examples are 0 to {n - 1}",
            got=show(part),
            hint="Indices are counted from 0.",
        )
    if len(part) == n > 2 and set(part.tolist()) <= {0, 1}:
        raise CheckFailed(
            f"{name} is a mask of {n} zeros and ones, and not a list of indices",
            got=show(part),
            diagnosis="Your split returns masks: return the indices, as np.flatnonzero gives them.",
        )
    times = np.bincount(part)
    if (times > 1).any():
        raise CheckFailed(
            f"{name} holds {np.argmax(times > 1)} more than once",
            got=show(part),
            diagnosis="Your split draws with replacement: an example stands in it more than once.",
        )


def _require_each_once(parts: Sequence[Ints], n: int, names: Sequence[str]) -> None:
    """No two parts share an example, and together they hold all."""
    times = np.bincount(np.concatenate(parts), minlength=n)
    if (times == 1).all():
        return
    for i, one in enumerate(parts):
        for j in range(i + 1, len(parts)):
            shared = np.intersect1d(one, parts[j])
            if len(shared):
                raise CheckFailed(
                    f"{names[i]} and {names[j]} share the example {shared[0]}",
                    expected="disjoint sets",
                    got=_counts(names, [len(part) for part in parts]),
                    diagnosis=f"Your {names[i]} and {names[j]} set overlap: no example may be in "
                    "both.",
                )
    missing = np.flatnonzero(times == 0)
    raise CheckFailed(
        f"the example {missing[0]} is in none of {', '.join(names)}",
        expected=f"all of 0 to {n - 1}",
        got=f"{len(missing)} of {n} examples left out",
        diagnosis="Your split leaves examples out: what is in no other set is for training.",
    )


def _counts(names: Sequence[str], counts: Sequence[int]) -> str:
    return ", ".join(f"{count} in {name}" for name, count in zip(names, counts, strict=True))
