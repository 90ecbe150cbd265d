"""What a submission's manifest says of the checks at home, beside what they gave here.

A manifest is the student's word. It never changes a result; it explains one, where the versions
of Python or numpy are not the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader._internal.text import printable
from grader.reports.schema import CheckResult, Environment, Outcome

_VERSIONS = ("python", "numpy", "matplotlib")
_MOST_NAMED = 3


def passed_at_home(
    manifest: Mapping[str, Any], results: Sequence[CheckResult], here: Environment
) -> Iterator[str]:
    """A line on public checks that passed at home and do not here, with the versions that differ.

    results: of public checks.
    """
    local = _mapping(_mapping(manifest, "local_result"), "checks")
    lost = [
        check.title
        for check in results
        if check.outcome not in (Outcome.PASSED, Outcome.GRADER_ERROR)
        and local.get(check.id) == Outcome.PASSED.value
    ]
    if not lost:
        return
    home = _mapping(manifest, "environment")
    ours = {name: str(getattr(here, name)) for name in _VERSIONS} | here.packages
    theirs = {**home, **_mapping(home, "packages")}
    told = {name: printable(str(theirs[name]))[:20] for name in ours if name in theirs}
    differ = [
        f"{name} {version} (here {ours[name]})"
        for name, version in told.items()
        if version != ours[name]
    ]
    named = "; ".join(lost[:_MOST_NAMED]) + ("; ..." if len(lost) > _MOST_NAMED else "")
    with_what = f" with {', '.join(differ)}" if differ else ""
    yield f"at home, by the manifest, these passed{with_what}, and here they do not: {named}"


def _mapping(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}
