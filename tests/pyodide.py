"""A distribution of Pyodide for the tests, as far as its parts can be had.

The interpreter is the real one, from its npm package; pydantic, msgpack, pytest and rich are real
wheels. numpy and matplotlib for Pyodide are in the whole distribution only, so stand-ins take their
place, which can be imported and compute nothing: the checks that run here use plain numbers.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from pathlib import Path

CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
FOLDER = os.environ.get("GRADER_TEST_PYODIDE", "")  # as `.ci/run` fetches it
NOT_HERE = "GRADER_TEST_PYODIDE names no folder with Pyodide's core and wheels"

_NUMPY = '''\
"""Stands in for numpy: every name is a class that takes part in arithmetic and says nothing."""

import sys
import types


class AnyClass(type):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return made(name)

    def __iter__(cls):
        return iter(())

    def __float__(cls):
        return 1.0

    def __call__(cls, *args, **kwargs):
        return cls


for operator in "or ror pow rpow mul rmul add radd sub rsub truediv rtruediv neg getitem".split():
    setattr(AnyClass, f"__{operator}__", lambda cls, *others: cls)


def made(name):
    return AnyClass(name, (), {"__class_getitem__": classmethod(lambda cls, key: cls)})


class AnyModule(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        setattr(self, name, made(name))
        return getattr(self, name)


numpy = AnyModule("numpy")
numpy.__path__, numpy.__version__, numpy.__spec__ = [], "2.4.6", __spec__
numpy.inf, numpy.nan, numpy.pi = float("inf"), float("nan"), 3.14
for part in ("random", "linalg", "typing", "testing", "lib", "exceptions"):
    module = sys.modules[f"numpy.{part}"] = AnyModule(f"numpy.{part}")
    setattr(numpy, part, module)
numpy.random.seed = numpy.random.set_state = numpy.random.get_state = lambda *args: None
sys.modules["numpy"] = numpy
'''
# The direct needs of each wheel that has some.
_DEPENDS = {
    "pydantic": ["annotated-types", "pydantic-core", "typing-extensions", "typing-inspection"],
    "pytest": ["iniconfig", "packaging", "pluggy", "pygments"],
    "rich": ["markdown-it-py", "pygments"],
    "markdown-it-py": ["mdurl"],
}


def write_distribution(to: Path) -> Path:
    """Write it to a new folder, from what GRADER_TEST_PYODIDE names."""
    fetched = Path(FOLDER)
    to.mkdir(parents=True)
    for name in CORE:
        shutil.copy(fetched / "node_modules/pyodide" / name, to / name)
    for wheel in (fetched / "wheels").glob("*.whl"):
        shutil.copy(wheel, to / wheel.name)
    _stand_in(to, "numpy", "2.4.6", {"numpy.py": _NUMPY})
    _stand_in(to, "matplotlib", "3.10.8", {"matplotlib/__init__.py": ""})
    listed = json.loads((fetched / "node_modules/pyodide/pyodide-lock.json").read_text())
    listed["packages"] = {
        name: entry for name, entry in map(_entry, sorted(to.glob("*.whl"))) if entry
    }
    (to / "pyodide-lock.json").write_text(json.dumps(listed))
    return to


def _stand_in(to: Path, name: str, version: str, files: dict[str, str]) -> None:
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(to / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
        wheel.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", "")


def _entry(wheel: Path) -> tuple[str, dict[str, object]]:
    """A wheel as a lock file lists it."""
    name, version = wheel.name.split("-")[:2]
    name = name.lower().replace("_", "-")
    return name, {
        "name": name,
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": [],
        "depends": _DEPENDS.get(name, []),
    }
