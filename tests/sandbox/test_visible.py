"""What a submission may read of Python and of the packages around it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy
import pytest

from grader.sandbox.linux import visible
from grader.sandbox.linux.visible import FileView, HiddenModules, view_with


@pytest.fixture(scope="module")
def view() -> FileView:
    return view_with(())


def readable(view: FileView, path: str | Path) -> bool:
    """Whether some grant of Landlock would cover the path."""
    return any(Path(path).is_relative_to(grant) for grant in view.readable())


def test_the_standard_library_is_shown(view: FileView) -> None:
    import _ctypes
    import json

    for module in (json, subprocess):
        assert readable(view, str(module.__file__))
        assert view.shows(str(module.__file__))
    # An extension module, lazily loaded, where it is a file at all.
    assert readable(view, getattr(_ctypes, "__file__", json.__file__))


@pytest.mark.parametrize(
    "name",
    ["numpy", "matplotlib", "mpl_toolkits", "PIL", "dateutil", "pyparsing", "contourpy", "cycler"],
)
def test_what_was_promised_is_shown(view: FileView, name: str) -> None:
    folder = Path(numpy.__file__).parents[1] / name
    if not folder.exists():
        pytest.skip(f"{name} lies elsewhere here")
    assert readable(view, folder / "__init__.py")


def test_libraries_beside_a_package_are_shown(view: FileView) -> None:
    beside = Path(numpy.__file__).parents[1] / "numpy.libs"
    if not beside.exists():
        pytest.skip("this numpy links the system's libraries")
    assert readable(view, beside / "any.so")


@pytest.mark.parametrize("name", ["scipy", "pytest", "pydantic", "msgpack", "grader", "pip"])
def test_nothing_else_of_the_environment_is_shown(view: FileView, name: str) -> None:
    folder = Path(numpy.__file__).parents[1]
    assert not readable(view, folder / name / "__init__.py")


def test_the_graders_source_is_not_shown(view: FileView) -> None:
    assert not readable(view, visible.__file__)
    assert not view.shows(visible.__file__)


@pytest.mark.parametrize("path", ["/etc/passwd", "/home", "/root/.ssh", "/tmp", "/proc", "/sys"])
def test_the_machine_is_not_shown(view: FileView, path: str) -> None:
    assert not readable(view, path)


def test_packages_inside_a_root_are_hidden_but_for_the_promised(tmp_path: Path) -> None:
    """A Python without a virtual environment: everything lies in one folder."""
    lib = tmp_path / "lib"
    site = lib / "python3.11/site-packages"
    for name in ("numpy", "scipy", "secret"):
        (site / name).mkdir(parents=True)
    (lib / "python3.11/json").mkdir()
    view = FileView((), (str(lib),), (str(site),), (str(site / "numpy"),))
    assert readable(view, site / "numpy/core.py")
    assert readable(view, lib / "python3.11/json/decoder.py")
    assert not readable(view, site / "scipy/x.py")
    assert not readable(view, site / "secret")
    assert view.shows(str(site))
    assert not view.shows(str(site / "secret"))
    # The import system must be able to list both folders.
    assert set(view.listable()) >= {str(site), str(lib)}


def test_hidden_modules_are_said_to_be_missing(tmp_path: Path) -> None:
    site = tmp_path / "site-packages"
    for name in ("numpy", "scipy"):
        (site / name).mkdir(parents=True)
    (site / "six.py").touch()
    finder = HiddenModules(FileView((), (), (str(site),), (str(site / "numpy"),)))
    assert finder.find_spec("numpy", None) is None
    assert finder.find_spec("json", None) is None
    for name in ("scipy", "six"):
        with pytest.raises(ModuleNotFoundError, match=f"No module named '{name}'") as caught:
            finder.find_spec(name, None)
        assert caught.value.name == name


def test_a_python_in_a_closed_folder_is_noticed(tmp_path: Path) -> None:
    package = tmp_path / "closed/lib/numpy"
    package.mkdir(parents=True)
    view = FileView((), (), (), (str(package),))
    for folder in (tmp_path, *tmp_path.parents):
        if not folder.stat().st_mode & 0o001:
            assert not visible.is_open_to_others(view)
            return
    assert visible.is_open_to_others(view)
    (tmp_path / "closed").chmod(0o700)
    assert not visible.is_open_to_others(view)


def test_importable_entries_exist_in_the_jail(view: FileView) -> None:
    entries = visible.importable(view)
    assert entries
    assert len(entries) == len(set(entries))
    assert str(Path(numpy.__file__).parents[1]) in entries
    assert set(entries) <= set(sys.path)


def test_a_folder_above_the_packages_is_no_importable_entry(
    view: FileView, monkeypatch: pytest.MonkeyPatch
) -> None:
    site_packages = Path(numpy.__file__).parents[1]
    # `python -m` adds the folder that one stands in, which often holds the virtual environment.
    above = str(site_packages.parents[2])
    monkeypatch.syspath_prepend(above)
    entries = visible.importable(view)
    assert str(site_packages) in entries
    assert above not in entries
