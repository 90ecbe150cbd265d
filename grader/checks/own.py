"""Judge a function by the right rule with the student's own version of what it calls.

A wrong gradient makes every path of a right descent wrong. The mistake costs the points of the
gradient; the descent is right where it follows its rule with that gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import combinations
from types import ModuleType, SimpleNamespace
from typing import Any, Literal

import numpy as np

from grader.checks.compare import array, assert_close, number, passes, sequence
from grader.checks.objects import in_form
from grader.checks.variants import rebuilt
from grader.errors import CheckFailed, StudentFault, StudentRaised

# What of the reference's shape an array needs: all its lengths, as many axes, or nothing.
Form = Literal["lengths", "axes", "any"]


def assert_follows(
    compare: Callable[[Any], object],
    function: str,
    probe: Sequence[Any],
    *,
    student: Any,
    reference: ModuleType,
    rests: Sequence[str],
    zeros_tell: bool = False,
) -> None:
    """Raise CheckFailed unless `compare` accepts what `function` should give for `probe`.

    compare: raises CheckFailed unless the student's answer agrees with the value that it is given.
    It is tried with the reference's, then with what the reference gives where some of the student's
    own functions stand in for its own. rests: which of them `function` may call.
    zeros_tell: whether the rule still shows where one of those gives nothing but zeros. It does
    where `function` adds other terms to them, as a gradient X'(Y - P) does to P. It does not where
    a path stands still because its gradient is 0, so that is not accepted by default.
    """
    try:
        compare(getattr(reference, function)(*probe))
    except CheckFailed:
        for own in _in_either_form(reference, student, rests):
            try:
                with np.errstate(all="ignore"):
                    value = getattr(own, function)(*probe)
                    compare(value)
            except (StudentFault, ArithmeticError, ValueError, IndexError, TypeError):
                continue  # with such values the rule leads nowhere, or elsewhere
            if own.alive() or (zeros_tell and _is_finite(value)):
                return
        raise


def answered(
    function: Any,
    probes: Sequence[tuple[Any, ...]],
    form: Callable[..., object],
    *,
    spare: Sequence[tuple[Any, ...]] = (),
) -> list[tuple[tuple[Any, ...], Any]]:
    """Each probe with the answer of `function`; fewer where what it calls has another form.

    A gradient that gives its parts in another order breaks every descent along it whose arrays do
    not broadcast. That costs the points of the gradient: the descent is judged where it runs.

    form: raises StudentFault unless what `function` calls has the form that is asked for.
    spare: probes at which arrays of another form broadcast, as where all sizes are equal; asked
    for only where none of the others is left.
    Raises StudentFault, as `function` does, where `form` finds no fault or no probe is left.
    """
    try:
        return list(zip(probes, function.map(probes), strict=True))
    except StudentRaised:
        if passes(form):
            raise
        kept: list[tuple[tuple[Any, ...], Any]] = []
        for chosen in (probes, spare):
            for probe in chosen:
                with suppress(StudentRaised):
                    kept.append((probe, function(*probe)))
            if kept:
                return kept
        raise


def assert_in_either_form(
    judge: Callable[[], object], student: Any, form: Callable[[], object], **counts: int
) -> None:
    """Raise what `judge` raises, unless that comes of the form of what a function calls.

    A gradient that gives its parts in another order, or as columns, breaks every descent along it.
    That costs the points of the gradient: the descent is right where it is with the gradient's own
    numbers in the form that is asked for.

    form: raises StudentFault unless the function called has that form. counts: see `in_form`.
    """
    try:
        judge()
    except StudentFault:
        if passes(form):
            raise
        with in_form(student, **counts):
            if passes(judge):
                return
        raise


def calls(student: Any, name: str, form: Callable[[], object], *, count: int = 0) -> bool:
    """Whether an answer of another function changes with the form of what `name` gives.

    form: asks for that answer and raises StudentFault unless it has the form that is asked for.
    count: see `in_form`; the form must be another than the one that `name` gives by itself.
    """
    if not passes(form):
        return False  # it shows nothing
    with in_form(student, **{name: count}):
        return not passes(form)


def follows_own_slope(
    answer: Any,
    probe: Sequence[Any],
    *,
    student: Any,
    function: str,
    of: str,
    rules: Sequence[Callable[[Callable[..., np.ndarray]], np.ndarray]] = (),
) -> bool:
    """Whether `answer` is the slope of what the student's `of` gives, and `function` calls that.

    One that repeats a mistake of `of` in a formula of its own is wrong, too.

    answer: what `function` gives for probe. probe: the arguments of both; the last one is t, an
    array of floats, each number of which stands for itself. rules: how the slope follows from
    values of `of` in other ways than by differences. Each takes own(*first), which is what `of`
    gives for these arguments and t, and returns the slope.
    """
    *first, t = probe
    column = np.reshape(t, (-1, 1))
    theirs = getattr(student, function)

    def form() -> None:
        array(theirs(*first, column), shape=column.shape)

    if not calls(student, of, form):
        return False

    def own(*args: Any, at: np.ndarray = t) -> np.ndarray:
        return array(getattr(student, of)(*args, at), shape=t.shape)

    def by_differences(own: Callable[..., np.ndarray]) -> np.ndarray:
        h = 1e-4
        return np.asarray((own(*first, at=t + h) - own(*first, at=t - h)) / (2 * h))

    for rule in (by_differences, *rules):
        try:
            slope = rule(own)
        except StudentFault:
            continue
        size = np.maximum(np.abs(slope), 1.0)
        if np.any(slope) and passes(assert_close, answer, slope, scale=size):
            return True
    return False


def _is_finite(value: Any) -> bool:
    """Whether every number in a value of the reference's is finite: log 0 shows no rule."""
    if isinstance(value, list | tuple):
        return all(_is_finite(item) for item in value)
    return bool(np.isfinite(value).all())


def _in_either_form(
    reference: ModuleType, student: Any, rests: Sequence[str]
) -> Iterator[SimpleNamespace]:
    """The student's functions read with as many axes as are asked for, and then as they came.

    A column in place of a row broadcasts: what rests on it is right where it does what the
    reference does with such a column.
    """
    odd: list[str] = []
    yield from _resting(reference, student, rests, "axes", odd)
    if odd:
        yield from _resting(reference, student, rests, "any", [])


def with_own(
    reference: ModuleType, student: Any, rests: Sequence[str]
) -> Iterator[SimpleNamespace]:
    """The reference resting on the student's own functions: on each of `rests`, then on several.

    Their answers are read in the form of the reference's; one of another form raises CheckFailed.
    `alive()` says whether each of them gave anything but zeros so far: a rule is not shown by a
    path that stands still because the gradient is always 0.
    """
    return _resting(reference, student, rests, "lengths", [])


def _resting(
    reference: ModuleType, student: Any, rests: Sequence[str], form: Form, odd: list[str]
) -> Iterator[SimpleNamespace]:
    """odd: takes the names of functions whose answers have another form."""
    for count in range(1, len(rests) + 1):
        for names in combinations(rests, count):
            seen: dict[str, list[bool]] = {name: [] for name in names}
            own = {
                name: _standing_in(reference, student, name, seen[name], form, odd)
                for name in names
            }
            yield SimpleNamespace(
                **rebuilt(reference, own),
                alive=lambda seen=seen: all(any(values) for values in seen.values()),
            )


def _standing_in(
    reference: ModuleType, student: Any, name: str, seen: list[bool], form: Form, odd: list[str]
) -> Callable[..., Any]:
    right = getattr(reference, name)

    def call(*args: Any) -> Any:
        value = getattr(student, name)(*args)
        try:
            return _formed(value, right(*args), seen, form)
        except CheckFailed:
            odd.append(name)
            raise

    return call


def _formed(value: Any, like: Any, seen: list[bool], form: Form) -> Any:
    """A student's `value` as floats and arrays, nested as `like` is."""
    if isinstance(like, list | tuple):
        items = zip(sequence(value, len(like)), like, strict=True)
        return type(like)(_formed(item, part, seen, form) for item, part in items)
    right = np.asarray(like)
    if (
        right.ndim
        and form != "any"
        and isinstance(value, int | float | np.generic | np.ndarray)
        and not np.ndim(value)
    ):
        # A number broadcasts; one of numpy's comes as an array without axes.
        value = np.full(right.shape, number(value))
    # Features with a column too few have weights, and an error of these, all the same.
    shapes = {"lengths": right.shape, "axes": (None,) * right.ndim, "any": None}
    read = array(value, shape=shapes[form], finite=False)
    seen.append(bool(read.any()))
    return read if read.ndim else read[()]
