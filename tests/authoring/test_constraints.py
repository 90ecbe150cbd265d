"""The exact versions that a kit ships."""

from __future__ import annotations

import re
from importlib.metadata import version

from packaging.requirements import Requirement

from grader._internal.zips import zip_files
from grader.authoring.release.constraints import make_constraints
from grader.authoring.release.kit import StudentKit


def lines_of(data: bytes) -> list[str]:
    return [line for line in data.decode().splitlines() if not line.startswith("#")]


def test_kit_pins_what_its_wheel_needs_and_what_that_needs(tiny_kit: StudentKit) -> None:
    lines = lines_of((tiny_kit.folder / "constraints.txt").read_bytes())
    pinned = dict(line.split("==") for line in lines)
    assert list(pinned) == sorted(pinned)
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][^+\s]*", line) for line in lines)
    for direct in ("numpy", "matplotlib", "pytest", "pydantic", "typer", "watchfiles"):
        assert pinned[direct] == version(direct)
    for below in ("pydantic-core", "pluggy", "kiwisolver", "traitlets", "packaging"):
        assert pinned[below] == version(below)
    # What only staff need, and the grader itself, which is the wheel.
    assert not {"sqlalchemy", "scipy", "hatchling", "homework-grader", "grader"} & set(pinned)


def wheel_that_needs(*requirements: str) -> bytes:
    lines = "".join(f"Requires-Dist: {Requirement(each)}\n" for each in requirements)
    metadata = f"Metadata-Version: 2.4\nName: x\nVersion: 1\n{lines}"
    return zip_files({"x-1.dist-info/METADATA": metadata.encode()})


def test_what_does_not_hold_here_or_is_not_installed_is_left_out() -> None:
    wheel = wheel_that_needs(
        "numpy>=1", 'scipy; extra == "staff"', 'msgpack; python_version < "3"', "no-such-thing-x"
    )
    assert lines_of(make_constraints(wheel)) == [f"numpy=={version('numpy')}"]


def test_an_extra_that_a_requirement_names_is_followed() -> None:
    lines = lines_of(make_constraints(wheel_that_needs("psycopg[binary]")))
    assert f"psycopg-binary=={version('psycopg-binary')}" in lines
    assert "psycopg-binary" not in str(lines_of(make_constraints(wheel_that_needs("psycopg"))))


def test_same_environment_gives_the_same_bytes() -> None:
    one, other = ("pytest", "pydantic", "matplotlib"), ("matplotlib", "pytest", "pydantic")
    assert make_constraints(wheel_that_needs(*one)) == make_constraints(wheel_that_needs(*other))
