"""matplotlib in the trusted process: imported when something of it is first used.

A reference imports it at its top for the few functions that draw, and grading asks the reference
for numbers. The import takes several times as long as the checks of one submission.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

_NAMES = ("matplotlib", "matplotlib.pyplot")


class _Stub(ModuleType):
    """Stands for a module until an attribute of it is asked for, and then passes each on."""

    # Whoever goes through all modules, as `inspect` does, asks for this.
    __file__ = None

    def __getattr__(self, name: str) -> Any:
        # Both, since a module that was to be imported has loaded all that it imports itself.
        loaded = [_load(each) for each in _NAMES]
        return getattr(loaded[_NAMES.index(self.__name__)], name)


def defer_matplotlib() -> None:
    """Let `import matplotlib.pyplot` cost nothing here from now on, until it is used.

    Other modules of matplotlib are imported at once, and these two with them.
    """
    if not any(name in sys.modules for name in _NAMES):
        package, pyplot = (_Stub(name) for name in _NAMES)
        vars(package)["pyplot"] = pyplot
        sys.modules.update(zip(_NAMES, (package, pyplot), strict=True))


def _load(name: str) -> ModuleType:
    if isinstance(sys.modules.get(name), _Stub):
        for each in _NAMES:
            del sys.modules[each]
    return importlib.import_module(name)
