"""Checks whose values hypothesis generates: the same values for each submission.

Hypothesis keeps failures in a database, measures time, and draws constants from the modules that
happen to be loaded. Each of these would let one submission's run have a say in another's, so each
is turned off while a check runs. This module never imports hypothesis by itself: a check that uses
it has done so.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import os
import re
import reprlib
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from grader.engine.outcome import is_failure
from grader.errors import CheckFailed, GraderFault, StudentFault, StudentRaised

# Below a file that is no folder nothing can be written.
NO_FOLDER = f"{os.devnull}/hypothesis"
MOST_CALLS_AFTER_A_FAILURE = 200  # to find a simpler case that fails too
# Faults that other values may not lead to; the others end the check.
_OF_THE_VALUES = (CheckFailed, StudentRaised)


class _EndOfSearch(BaseException):
    """Takes an exception out of hypothesis, which would try to provoke it again."""

    def __init__(self, cause: BaseException) -> None:
        self.cause = cause


def is_generated(function: Any) -> bool:
    """Whether a check is decorated with hypothesis' `@given`."""
    return bool(getattr(function, "is_hypothesis_test", False))


def run_generated(
    function: Callable[..., object], arguments: Mapping[str, object], seed: int
) -> object:
    """Run a check on generated values. seed: of these. arguments: its fixtures.

    Raises what it raises for the simplest case found that fails. Where a call runs out of time or
    its process ends, no other case is tried: it would cost the same again.
    """
    watch = _Watch(arguments)
    try:
        with _alone(getattr(function, "__func__", function), watch, seed):
            return function(**arguments)
    except _EndOfSearch as end:
        raised = end.cause
    except Exception as exc:
        flaky = type(exc).__module__ == "hypothesis.errors" and watch.failure is not None
        raised = watch.noted() if flaky else exc
    except pytest.fail.Exception as exc:  # no Exception, as pytest defines it
        raised = exc
    notes = getattr(raised, "__notes__", [])
    notes[:] = filter(None, (_without_fixtures(note, arguments) for note in notes))
    raise raised


def self_test() -> None:
    """Hold this hypothesis against what this module needs of its private parts.

    Raises GraderFault if something is missing or works in another way.
    """
    import hypothesis

    try:
        trouble = _trouble_with_generating()
    except Exception as exc:
        trouble = f"running a check raised {type(exc).__name__}: {exc}"
    if trouble is not None:
        raise GraderFault(
            f"hypothesis {hypothesis.__version__} does not work as this version of the grader "
            f"needs it: {trouble}; install another version, or write the check without @given"
        )


def _trouble_with_generating() -> str | None:
    """Run a check three times; what went otherwise than it should."""
    from hypothesis import given, settings, strategies

    seen: list[int] = []

    @settings(max_examples=5)
    @given(n=strategies.integers(min_value=0))
    def check(n: int) -> None:
        seen.append(n)
        if len(seen) > 1 and n > 1000:
            raise CheckFailed("too large")

    for name in ("_hypothesis_internal_use_settings", "_hypothesis_internal_use_seed"):
        if not hasattr(check, name):
            return f"a check has no `{name}`"
    if not is_generated(check) or not hasattr(getattr(check, "hypothesis", None), "inner_test"):
        return "a check that is generated is not known as one"
    runs = []
    for seed in (1, 1, 2):
        seen.clear()
        try:
            run_generated(check, {}, seed)
        except CheckFailed:
            seen.append(-1)
        runs.append(list(seen))
    if runs[0] != runs[1]:
        return "the same seed gives other values"
    if runs[0] == runs[2]:
        return "the seed does not decide on the values"
    return None


class _Watch:
    """Runs the function of a check once for each generated case, and says when it is enough."""

    def __init__(self, fixtures: Mapping[str, object]) -> None:
        # Each case meets the same random numbers: else a failure could not be found again.
        self._kept = {
            name: copy.deepcopy(value)
            for name, value in fixtures.items()
            if name in ("rng", "student_rng")
        }
        self._fixtures = fixtures
        self._calls = 0
        self.failure: BaseException | None = None
        self._case = ""

    def around(self, test: Callable[..., object]) -> Callable[..., object]:
        """The function that hypothesis is to call for `test`."""

        @functools.wraps(test)
        def watched(*args: Any, **kwargs: Any) -> object:
            if self.failure is not None:
                self._calls += 1
                if self._calls > MOST_CALLS_AFTER_A_FAILURE:
                    raise _EndOfSearch(self.noted())
            try:
                return test(*args, **kwargs | copy.deepcopy(self._kept))
            except (Exception, pytest.fail.Exception) as exc:
                if type(exc).__module__.startswith("hypothesis."):
                    raise
                if not is_failure(exc):
                    raise _EndOfSearch(exc) from None
                final = isinstance(exc, StudentFault) and not isinstance(exc, _OF_THE_VALUES)
                if self.failure is None or not final:
                    self._keep(exc, kwargs)
                if final or getattr(exc, "whole", False):
                    raise _EndOfSearch(self.noted()) from None
                raise

        return watched

    def _keep(self, exc: BaseException, case: Mapping[str, object]) -> None:
        told = (
            f"{name}={reprlib.repr(value)}"
            for name, value in case.items()
            if name not in self._fixtures
        )
        self.failure, self._case = exc, ", ".join(told)

    def noted(self) -> BaseException:
        """The failure, with the case that it came for."""
        assert self.failure is not None
        if not getattr(self.failure, "__notes__", []):
            self.failure.add_note(f"Failing test case: {self._case}")
        return self.failure


@contextlib.contextmanager
def _alone(function: Any, watch: _Watch, seed: int) -> Iterator[None]:
    """Let a generated check depend on its seed and on nothing that was run before."""
    from hypothesis import HealthCheck, Phase, configuration, settings

    own, handle = function._hypothesis_internal_use_settings, function.hypothesis
    test, own_seed = handle.inner_test, function._hypothesis_internal_use_seed
    unhealthy = {HealthCheck.too_slow, HealthCheck.function_scoped_fixture}
    function._hypothesis_internal_use_seed = seed
    function._hypothesis_internal_use_settings = settings(
        own,
        database=None,
        deadline=None,
        derandomize=False,
        print_blob=False,
        report_multiple_bugs=False,
        phases=[phase for phase in own.phases if phase not in (Phase.reuse, Phase.explain)],
        suppress_health_check=sorted({*own.suppress_health_check, *unhealthy}, key=str),
    )
    handle.inner_test = watch.around(test)
    configuration.set_hypothesis_home_dir(NO_FOLDER)
    try:
        with _without_constants_of_modules():
            yield
    finally:
        configuration.set_hypothesis_home_dir(None)
        handle.inner_test = test
        function._hypothesis_internal_use_settings = own
        function._hypothesis_internal_use_seed = own_seed


@contextlib.contextmanager
def _without_constants_of_modules() -> Iterator[None]:
    """Newer versions also draw from the constants in whatever modules are loaded."""
    providers: Any = sys.modules.get("hypothesis.internal.conjecture.providers")
    found = getattr(providers, "_get_local_constants", None)
    if found is None:
        yield
        return
    none = providers.Constants()
    providers.CONSTANTS_CACHE.cache.clear()
    providers._get_local_constants = lambda: none
    try:
        yield
    finally:
        providers._get_local_constants = found
        providers.CONSTANTS_CACHE.cache.clear()


def _without_fixtures(note: str, fixtures: Mapping[str, object]) -> str:
    """A note of hypothesis' on a case, without the arguments that are no generated values."""
    names = "|".join(map(re.escape, fixtures))
    return re.sub(rf"^    (?:{names})=.*\n(?:     .*\n)*", "", note, flags=re.M) if names else note
