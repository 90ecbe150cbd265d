"""The parts of pytest that it does not promise to keep, in the one module that may touch them.

A grading session runs each check many times and without pytest's own protocol, which no public
interface of pytest allows. So what is needed from behind that interface stands here, with a
self-test that every session runs before its first check: after an update of pytest that changes
one of these parts, nothing is graded, and a message says which version is at fault and which are
supported. `pyproject.toml` names the same range, which a test holds to this one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from grader._internal.install_hint import pip_install
from grader.errors import GraderFault

SUPPORTED = "pytest>=8.4,<10"

# Where `pytest.fail`, `pytest.raises` and `match=` raise what a check's author asserts with them.
ASSERTING_MODULES = frozenset(
    f"_pytest.{name}" for name in ("outcomes", "raises", "python_api", "_code.code")
)

# The values of a check's arguments that need not be looked for among pytest's fixtures.
Arguments = Callable[[pytest.Item], Mapping[str, Any] | None]


class ChecksModule(pytest.Module):
    """A homework's checks.py. Every homework has one: it is told apart by its path."""

    def _getobj(self) -> Any:
        option = self.config.option
        before, option.importmode = option.importmode, "importlib"
        try:
            return super()._getobj()  # type: ignore[no-untyped-call]  # pytest's is untyped
        finally:
            option.importmode = before


def set_up(item: pytest.Item, arguments: Arguments) -> None:
    """Make an item ready to run, also one that has run before. Raises what a fixture raises."""
    state = _state(item.session)
    # What stands here from the item before: down to what this one needs too, its module at the
    # deepest, so that an item that follows itself is set up anew.
    state.teardown_exact(item.parent)
    function: Any = item
    if not function._request:
        function._initrequest()
    function.funcargs.update(arguments(item) or {})
    state.setup(item)


def call(item: pytest.Item, run: Callable[..., object]) -> object:
    """What `run` returns for the function of an item that is set up, and its arguments by name."""
    function: Any = item
    names = function._fixtureinfo.argnames
    return run(function.obj, {name: function.funcargs[name] for name in names})


def tear_down(item: pytest.Item) -> None:
    """End an item's own fixtures; those of its module stay. Raises what a fixture raises."""
    _state(item.session).teardown_exact(item.parent)


def forget_arguments(item: pytest.Item) -> None:
    """Let go of the values that an item was run with; `set_up` gives it new ones.

    So it does with the object of a check's class, on which a check may have kept something.
    """
    function: Any = item
    function._request, function.funcargs = False, None
    if isinstance(item.parent, pytest.Class):
        function._obj = None
        vars(function).pop("_instance", None)


def end_submission(session: pytest.Session) -> None:
    """End the fixtures of modules and classes, not those of the session. Raises what they raise."""
    _state(session).teardown_exact(session)


def tear_down_all(session: pytest.Session) -> None:
    """End whatever is set up, at the end of a session."""
    _state(session).teardown_exact(None)


def request_of(item: pytest.Item) -> Any:
    """The value of an item's argument `request`."""
    function: Any = item
    return function._request


def fixture_names(item: pytest.Item) -> tuple[str, ...]:
    """The fixtures that an item uses, directly or through others."""
    function: Any = item
    return tuple(function.fixturenames)


def given_as_they_are(item: pytest.Item) -> dict[str, Any]:
    """The arguments of a parametrised case that no fixture makes something of, by name."""
    function: Any = item
    if case_of(item) is None:
        return {}
    known = function._fixtureinfo.name2fixturedefs
    # pytest itself puts a fixture in the place of each that hands the value on.
    return {
        name: value
        for name, value in function.callspec.params.items()
        if name in known and known[name][-1].func.__module__ == "_pytest.python"
    }


@dataclass(frozen=True)
class Fixture:
    """A fixture that an item uses.

    scope: how long it lives, such as "function". needs: the fixtures that it uses itself.
    is_authors: it is defined beside the checks, and not by pytest or by a plugin.
    """

    scope: str
    needs: tuple[str, ...]
    is_authors: bool


def fixtures_of(item: pytest.Item) -> dict[str, Fixture]:
    """The fixtures of an item that exist, by name; what a parametrised case names too."""
    function: Any = item
    found = {
        name: Fixture(
            str(known[-1].scope),
            tuple(known[-1].argnames),
            known[-1].func.__module__.split(".")[0] not in ("_pytest", "grader"),
        )
        for name, known in function._fixtureinfo.name2fixturedefs.items()
    }
    given = {} if case_of(item) is None else function.callspec.params
    there = dict.fromkeys(("request", *given), Fixture("function", (), False))
    return there | found


def function_name(item: pytest.Item) -> str:
    """The name of the function behind an item, which parametrised cases share."""
    function: Any = item
    return str(function.originalname)


def case_of(item: pytest.Item) -> str | None:
    """Which parametrised case an item is, such as "3-relu"; None for a function without cases."""
    callspec = getattr(item, "callspec", None)
    return None if callspec is None else str(callspec.id)


def self_test(session: pytest.Session) -> None:
    """Hold this pytest against what this module needs of it.

    Raises GraderFault if something is missing or works in another way.
    """
    # Of a class what it defines itself: what it would inherit in its place does nothing.
    for owner, name in ((pytest.Module, "_getobj"), (pytest.Function, "_initrequest")):
        if name not in vars(owner):
            raise _unsupported(f"{owner.__name__} has no `{name}`")
    if "callspec" not in inspect.signature(pytest.Function.__init__).parameters:
        raise _unsupported("Function has no `callspec`")
    _require(session.config.option, "importmode")
    _require(session, "_setupstate")
    _require(_state(session), "setup")
    _require(_state(session), "teardown_exact")
    try:
        trouble = _trouble_with_running(session)
    except Exception as exc:
        raise _unsupported(f"running a check raised {type(exc).__name__}: {exc}") from exc
    if trouble is not None:
        raise _unsupported(trouble)


def _trouble_with_running(session: pytest.Session) -> str | None:
    """Run an item twice, as a grading session does; what went otherwise than it should."""
    got: list[object] = []
    ended: list[int] = []

    def check(value: object) -> None:
        got.append(value)

    item = pytest.Function.from_parent(session, name="check[case]", callobj=check, originalname="c")
    if function_name(item) != "c" or fixture_names(item) != ("value",):
        return "a function's name or the names of its fixtures are not found"
    if "request" not in fixtures_of(item):
        return "the fixtures of a function are not found"
    for number in (1, 2):
        set_up(item, lambda _, number=number: {"value": number})  # type: ignore[misc]  # a default
        item.addfinalizer(lambda number=number: ended.append(number))  # type: ignore[misc]  # same
        request = request_of(item)
        call(item, lambda function, arguments: function(**arguments))
        if getattr(request, "node", None) is not item or got != [1, 2][:number]:
            return "a check is not run with the values that it was given"
        if len(ended) != number - 1:
            return "a check's fixtures end before the check does"
        tear_down(item)
        forget_arguments(item)
        if ended != [1, 2][:number]:
            return "a check's fixtures do not end with the check"
    tear_down_all(session)
    return None


def _require(owner: object, name: str) -> None:
    if not hasattr(owner, name):
        raise _unsupported(f"{type(owner).__name__} has no `{name}`")


def _state(session: pytest.Session) -> Any:
    return session._setupstate


def _unsupported(trouble: str) -> GraderFault:
    return GraderFault(
        f"pytest {pytest.__version__} does not work as this version of the grader needs it: "
        f'{trouble}; install a supported one: {pip_install()} "{SUPPORTED}"'
    )
