"""matplotlib in the trusted process: imported when something of it is first used.

A reference imports it at its top for the few functions that draw, and grading asks the reference
for numbers. The import takes several times as long as the checks of one submission.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_NAMES = ("matplotlib", "matplotlib.pyplot")


class _Stub(ModuleType):
    """Stands for a module until an attribute of it is asked for, and then passes each on."""

    # Whoever goes through all modules, as `inspect` does, asks for this.
    __file__ = None

    def __getattr__(self, name: str) -> Any:
        _load()
        return getattr(sys.modules[self.__name__], name)


class _SubmoduleFinder(MetaPathFinder):
    """For the import of any other module of matplotlib, which ends the waiting."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        """A module that has come with the others by now is not to be made a second time."""
        if not fullname.startswith(f"{_NAMES[0]}."):
            return None
        _load()
        module = sys.modules.get(fullname)
        if module is None:
            return None
        spec = ModuleSpec(fullname, _PresentLoader(module))
        module.__spec__ = spec  # else the import goes by the module's own, and runs it again
        return spec


class _PresentLoader(Loader):
    """Gives a module that is loaded already."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._spec = module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """See importlib.abc.Loader."""
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        """See importlib.abc.Loader: it has been run, and gets back what names its origin."""
        module.__spec__ = self._spec


def defer_matplotlib() -> None:
    """Let `import matplotlib.pyplot` cost nothing here from now on, until it is used.

    The import of another module of matplotlib imports these two as well.
    """
    spec = None
    if not any(name in sys.modules for name in _NAMES):
        spec = importlib.util.find_spec(_NAMES[0])
    if spec is None or spec.submodule_search_locations is None:
        return
    package, pyplot = (_Stub(name) for name in _NAMES)
    # Where the two are may be asked without a wish to have them.
    package.__spec__ = spec
    package.__path__ = spec.submodule_search_locations
    pyplot.__spec__ = PathFinder.find_spec(_NAMES[1], package.__path__)
    vars(package)["pyplot"] = pyplot
    sys.modules.update(zip(_NAMES, (package, pyplot), strict=True))
    sys.meta_path.insert(0, _SubmoduleFinder())


def _load() -> None:
    """Put the modules in the place of their stubs, unless that has been done."""
    if isinstance(sys.modules.get(_NAMES[0]), _Stub):
        sys.meta_path[:] = [each for each in sys.meta_path if type(each) is not _SubmoduleFinder]
        for name in _NAMES:
            del sys.modules[name]
        # The reference counts on all that pyplot imports.
        importlib.import_module(_NAMES[1])
