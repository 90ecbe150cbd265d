"""Name the mistake behind a wrong answer, or say nothing: a wrong name is worse than none.

Two ways, in this order. The catalogue: run every known mistake beside the reference on the same
inputs; the one that gives the student's answers at all probes, to rounding, names what they did.
Term regression: write each block of a gradient as a combination of the terms that it should be
the sum of, and read off the coefficients: "db is multiplied by 1/n".
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from grader.checks.arguments import copied, digest, ordinary
from grader.checks.compare import Floats
from grader.checks.factors import factor_name, sentence
from grader.checks.processor_time import processor_time
from grader.checks.variants import Variant, rebuilt, rebuilt_with, rests_on
from grader.errors import CheckFailed

SAME = 1e-9  # relative to the largest entry of a block: the same computation
SAME_FLOAT32 = 1e-5
DIFFERENT = 1e-4  # a mistake must show at least so much, at one probe
ASKED = 5  # calls of a function below that the student's own must get wrong in the same way
RUN_S = 5.0  # of processor time for one call of a known mistake; ten times as long if it waits
TRIED = 3  # calls with ordinary numbers, where a mistake shows only as nan or infinity

# Uses a solution, whose names are attributes of the first argument, on the rest of them.
Use = Callable[..., Any]
Terms = Mapping[str, Mapping[str, object]]
_Blocks = list[Floats] | None
# Runs a function of the student's on several lists of arguments; None if it cannot.
Ask = Callable[[str, Sequence[Sequence[Any]]], Sequence[object] | None]


class _Candidate:
    """A mistake beside the reference. It is run on one probe after the other, and on as few as tell
    it from what students returned: most differ at the first.

    wrong: what has the mistake. log: where that is a function below, its calls so far and what they
    gave. probes, right: arguments, and what the reference makes of them.
    """

    def __init__(
        self,
        variant: Variant,
        wrong: Callable[..., Any],
        log: Sequence[tuple[list[Any], object]],
        probes: Sequence[Sequence[Any]],
        right: Sequence[object],
    ) -> None:
        self.variant = variant
        self.log = log
        self._wrong = wrong
        self._probes = probes
        self._right = right
        self._results: list[_Blocks] = []

    def gives(self, answers: Sequence[_Blocks]) -> bool:
        """Whether these are what it gives, at all probes."""
        return all(_alike(mine, self._at(number)) for number, mine in enumerate(answers))

    @property
    def results(self) -> list[_Blocks]:
        """What it makes of all probes."""
        return [self._at(number) for number in range(len(self._probes))]

    def _at(self, number: int) -> _Blocks:
        for at in range(len(self._results), number + 1):
            self._results.append(_blocks(_run(self._wrong, self._probes[at]), self._right[at]))
        return self._results[number]


_Tried = tuple[list[object], list[_Candidate]]


@dataclass(frozen=True)
class Diagnoser:
    """The `diagnose` fixture of hidden checks.

    reference: the solution's module. variants: the homework's, mistakes and alternatives. ask: runs
    the student's other functions, to find where a mistake is.

        answers = student.gradient.map(probes)
        with diagnose("gradient", probes, answers):
            ... compare each answer, raising CheckFailed ...

    A failure inside the block leaves with its diagnosis, where there is one.
    """

    reference: ModuleType
    variants: tuple[Variant, ...]
    ask: Ask | None = None
    # Running mistakes takes long, and all submissions of a run meet the same probes.
    _known: dict[tuple[object, ...], _Tried] = field(
        default_factory=dict, repr=False, compare=False
    )

    @contextmanager
    def __call__(
        self,
        function: str | Use,
        probes: Sequence[Sequence[Any]],
        answers: Sequence[object],
        *,
        terms: Sequence[Terms] | None = None,
        sizes: Sequence[Mapping[str, float]] | None = None,
        among: Collection[str] | None = None,
    ) -> Iterator[None]:
        """Add a diagnosis to a CheckFailed raised in the block.

        function: the name of one, or what uses several, such as the methods of a class: called
        with what has the names of a solution, `student` or the reference, and with a probe.
        probes, answers: arguments of each call of `function`, and what the student returned.
        terms, sizes: for a gradient, see `name_terms`. among: the targets whose mistakes can be
        meant, where the check has made sure that no other can.
        """
        try:
            yield
        except CheckFailed as failure:
            with np.errstate(all="ignore"):
                if failure.diagnosis is None:
                    failure.diagnosis = self.name_mistake(function, probes, answers, among)
                if failure.diagnosis is None and terms is not None:
                    failure.diagnosis = name_terms(answers, terms, sizes or [{}] * len(answers))
            raise

    def name_mistake(
        self,
        function: str | Use,
        probes: Sequence[Sequence[Any]],
        answers: Sequence[object],
        among: Collection[str] | None = None,
    ) -> str | None:
        """The words of the one known mistake that gives these answers at all probes, else None.

        A mistake in another function counts where `function` rests on it, and only where the
        student's own copy of that function makes it.
        """
        right, candidates = self._tried(function, probes, among)
        given = [_blocks(answer, like) for answer, like in zip(answers, right, strict=True)]
        truth = [_blocks(value, value) for value in right]
        # One that does not show at these probes explains nothing.
        fitting = [each for each in candidates if each.gives(given) and _show(each.results, truth)]
        if not isinstance(function, str):
            told = [c for c in fitting if any(map(_differ_finitely, c.results, truth))]
            return told[0].variant.words if len(told) == 1 else None
        below = [each.variant for each in fitting if self._is_made_below(each)]
        if len(below) == 1:
            return f"As in your `{below[0].target}`: {below[0].words}"
        # The values cannot tell a mistake of the function itself from the same one in a function
        # that it calls. What is said of the function is then true in both cases.
        own = [
            each.variant
            for each in fitting
            if each.variant.target == function
            and self._is_certain(each.variant, probes, each.results, right)
        ]
        return own[0].words if len(own) == 1 else None

    def _is_made_below(self, candidate: _Candidate) -> bool:
        """Whether the student's own copy of a function below makes this mistake."""
        if self.ask is None:
            return False
        target = candidate.variant.target
        telling = self._telling(target, candidate.log)
        if not telling:
            return False
        calls, given = [args for args, _ in telling], [value for _, value in telling]
        answers = self.ask(target, calls)
        wrong = [_blocks(theirs, theirs) for theirs in given]
        if answers is None or not all(
            _alike(_blocks(mine, theirs), blocks)
            for mine, theirs, blocks in zip(answers, given, wrong, strict=True)
        ):
            return False
        right = [_run(getattr(self.reference, target), call) for call in calls]
        return self._is_certain(candidate.variant, calls, wrong, right)

    def _is_certain(
        self,
        variant: Variant,
        calls: Sequence[Sequence[Any]],
        wrong: Sequence[_Blocks],
        right: Sequence[object],
    ) -> bool:
        """Whether a mistake that gives what the student's function gives must be theirs.

        Where it shows only as nan and infinities it need not be: w / ||w|| and ||w|| (w / ||w||)
        are both nan at w = 0, and elsewhere only one of them is wrong. The student's function
        must then agree with the mistake on ordinary numbers too.

        calls: of the function that the variant replaces. wrong: what it made of them.
        """
        truth = [_blocks(value, value) for value in right]
        if self.ask is None or any(map(_differ_finitely, wrong, truth)):
            return True
        drawn = [ordinary(call, seed) for seed, call in enumerate(calls[:TRIED])]
        theirs = [_run(variant.function, call) for call in drawn]
        given = self.ask(variant.target, drawn)
        return given is not None and all(
            _alike(_blocks(mine, value), _blocks(value, value))
            for mine, value in zip(given, theirs, strict=True)
        )

    def _tried(
        self,
        function: str | Use,
        probes: Sequence[Sequence[Any]],
        among: Collection[str] | None = None,
    ) -> _Tried:
        """See _try_mistakes; kept for the next submission, which meets the same probes."""
        if not isinstance(function, str) and getattr(function, "__closure__", None):
            return self._try_mistakes(function, probes, among)  # it rests on more than its code
        named = function if isinstance(function, str) else getattr(function, "__code__", function)
        key = (named, digest(probes), None if among is None else tuple(among))
        if key not in self._known:
            self._known[key] = self._try_mistakes(function, probes, among)
        return self._known[key]

    def _try_mistakes(
        self, function: str | Use, probes: Sequence[Sequence[Any]], among: Collection[str] | None
    ) -> _Tried:
        """What the reference gives, and each mistake that `function` may rest on."""
        right_one = (
            getattr(self.reference, function)
            if isinstance(function, str)
            else functools.partial(function, self.reference)
        )
        probes = copied(list(probes))  # they are run later, too
        right = [_run(right_one, probe) for probe in probes]
        source = functools.cache(Path(str(self.reference.__file__)).read_text)
        candidates = []
        for variant in self.variants:
            if not variant.is_named or not _can_show(variant, function, source):
                continue
            if among is not None and variant.target not in among:
                continue
            log: list[tuple[list[Any], object]] = []
            wrong = self._with(variant, function, log)
            candidates.append(_Candidate(variant, wrong, log, probes, right))
        return right, candidates

    def _telling(
        self, function: str, log: Sequence[tuple[list[Any], object]]
    ) -> list[tuple[list[Any], object]]:
        """The first few of these calls whose results differ from the right ones."""
        found = []
        for args, wrong in log:
            right = _run(getattr(self.reference, function), args)
            if not _alike(_blocks(wrong, right), _blocks(right, right), DIFFERENT):
                found.append((args, wrong))
            if len(found) == ASKED:
                break
        return found

    def _with(
        self, variant: Variant, function: str | Use, log: list[tuple[list[Any], object]]
    ) -> Callable[..., Any]:
        """`function` as it is where `variant` stands in for its target.

        log: takes the calls of a target below `function`, and their results.
        """
        if not isinstance(function, str):
            return functools.partial(
                function, SimpleNamespace(**rebuilt_with(self.reference, variant))
            )
        if variant.target == function:
            return variant.function
        if "." in variant.target or isinstance(variant.function, type):
            found: Callable[..., Any] = rebuilt_with(self.reference, variant)[function]
            return found

        def logged(*args: Any) -> Any:
            kept = copied(list(args))
            result = variant.function(*args)
            log.append((kept, copied(result)))
            return result

        changed: Callable[..., Any] = rebuilt(self.reference, {variant.target: logged})[function]
        return changed


def _can_show(variant: Variant, function: str | Use, source: Callable[[str], str]) -> bool:
    """Whether `function` may rest on what the variant replaces. source: reads the reference's. Of
    classes the text tells nothing: an object may come from anywhere."""
    if not isinstance(function, str) or variant.target == function:
        return True
    if "." in variant.target or isinstance(variant.function, type):
        return True
    return rests_on(source("utf-8"), function, variant.target)


def _show(results: Sequence[_Blocks], truth: Sequence[_Blocks]) -> bool:
    """Whether a mistake differs from what is right, at one probe at least."""
    return any(
        not _alike(theirs, true, DIFFERENT) for theirs, true in zip(results, truth, strict=True)
    )


def name_terms(
    answers: Sequence[object], terms: Sequence[Terms], sizes: Sequence[Mapping[str, float]]
) -> str | None:
    """Which terms of a gradient have which wrong coefficient, else None.

    answers: per probe, the blocks as the student returned them.
    terms: per probe, for each block by name its terms by name, arrays whose sum is right.
    sizes: per probe, the numbers that a wrong factor may be made of: {"n": 11, "lam": 0.3}.
    Says something only where every block is explained to rounding at every probe, and every
    coefficient has one name that fits at all of them.
    """
    said: dict[str, str] = {}
    names = list(terms[0])
    for position, block in enumerate(names):
        fitted = [
            _coefficients(_part(answer, position, len(names)), probe[block])
            for answer, probe in zip(answers, terms, strict=True)
        ]
        known = [row for row in fitted if row is not None]
        if len(known) < len(fitted):
            return None
        for term in terms[0][block]:
            met = [(row[term], size) for row, size in zip(known, sizes, strict=True) if term in row]
            if 2 * len(met) <= len(known):  # zero at most probes: too little to go by
                return None
            factor = factor_name([value for value, _ in met], [size for _, size in met])
            if factor is None:
                return None
            if factor != "1":
                alone = len(terms[0][block]) == 1
                subject = block if alone else f"the {term} in {block}"
                said[subject] = factor
    return sentence(said)


def _run(function: Callable[..., Any], probe: Sequence[Any]) -> object:
    """What it returns for its own copies of the arguments; None if it raises."""
    copies = copied(list(probe))
    try:
        with processor_time(RUN_S, "stopped", wall_s=10 * RUN_S), np.errstate(all="ignore"):
            return function(*copies)
    except Exception:  # a mistake may well raise, or never end; it then explains nothing
        return None


def _blocks(value: object, like: object) -> _Blocks:
    """`value` as arrays, taken apart as `like` is; None if it cannot be."""
    if isinstance(like, list | tuple):
        if all(isinstance(word, str) for word in like):
            return _letters(value)
        if isinstance(value, np.ndarray) and value.ndim and value.dtype.kind in "biuf":
            return [value]  # one array in place of several values is a mistake of its own
        if not isinstance(value, list | tuple) or len(value) != len(like):
            return None
        parts = [_blocks(item, part) for item, part in zip(value, like, strict=True)]
        return None if any(p is None for p in parts) else [a for p in parts if p for a in p]
    try:
        read = np.asarray(value)
        if read.dtype.kind not in "biuf":
            return None
    except (ValueError, TypeError, OverflowError):
        return None
    return [read if read.dtype == np.float32 else read.astype(np.float64)]


def _letters(value: object) -> _Blocks:
    """A list of words, perhaps of none, as numbers that are equal for equal lists only."""
    words = value.tolist() if isinstance(value, np.ndarray) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        return None
    letters = "".join(f"{word}\n" for word in words).encode()
    return [np.frombuffer(letters, np.uint8).astype(np.float64)]


def _alike(a: _Blocks, b: _Blocks, tolerance: float | None = None) -> bool:
    """Whether two answers agree block by block; one that could not be read agrees with none."""
    if a is None or b is None or len(a) != len(b):
        return False
    return all(_same(x, y, tolerance) for x, y in zip(a, b, strict=True))


def _differ_finitely(a: _Blocks, b: _Blocks) -> bool:
    """Whether two answers differ in their shapes or where both of them are finite."""
    if a is None or b is None:
        return False
    if [x.shape for x in a] != [y.shape for y in b]:
        return True
    for x, y in zip(a, b, strict=True):
        both = np.isfinite(x) & np.isfinite(y)
        if not _same(x[both], y[both], DIFFERENT):
            return True
    return False


def _same(a: Floats, b: Floats, tolerance: float | None = None) -> bool:
    if a.shape != b.shape:
        return False
    narrow = a.dtype == np.float32 or b.dtype == np.float32
    within = tolerance or (SAME_FLOAT32 if narrow else SAME)
    finite = np.isfinite(a) & np.isfinite(b)
    if not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return False
    size = max(np.abs(a[finite]).max(initial=0.0), np.abs(b[finite]).max(initial=0.0))
    return bool(np.all(np.abs(a[finite] - b[finite]) <= within * size))


def _part(answer: object, position: int, count: int) -> object:
    if count == 1 and not (isinstance(answer, list | tuple) and len(answer) == 1):
        return answer
    if isinstance(answer, list | tuple) and len(answer) == count:
        return answer[position]
    return None


def _coefficients(got: object, terms: Mapping[str, object]) -> dict[str, float] | None:
    """The coefficients that make `got` of the terms, where some do to rounding.

    A term that is zero here says nothing of its coefficient and is left out.
    """
    arrays = {name: np.asarray(term, dtype=np.float64) for name, term in terms.items()}
    telling = [name for name, term in arrays.items() if term.any()]
    read = _blocks(got, 0.0)
    if (
        read is None
        or read[0].shape != next(iter(arrays.values())).shape
        or not np.isfinite(read[0]).all()
    ):
        return None
    target = read[0].astype(np.float64).ravel()
    if not telling:
        return None if target.any() else {}
    matrix = np.column_stack([arrays[name].ravel() for name in telling])
    norms = np.linalg.norm(matrix, axis=0)
    if len(target) < len(telling):
        return None
    found, _, rank, _ = np.linalg.lstsq(matrix / norms, target, rcond=None)
    if rank < len(telling):
        return None
    within = SAME_FLOAT32 if read[0].dtype == np.float32 else SAME
    size = max(float(np.abs(target).max()), float(np.abs(matrix).max()))
    if np.abs(matrix / norms @ found - target).max() > within * size:
        return None
    return dict(zip(telling, (found / norms).tolist(), strict=True))
