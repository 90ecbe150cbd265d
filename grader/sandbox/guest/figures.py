"""Finds the figure that a plotting function drew and describes it in plain values.

Runs beside the student's code, so nothing here is trusted: a description is evidence, not proof,
and the trusted side reads it with `grader.checks.figure`. This module and `describing` import
numpy and matplotlib only, and matplotlib only when a submission does.

    with watch().during() as seen:
        result = plot_history(history)
        figure = pick(result, seen)
    with watch().program() as seen:   a main block or a notebook, in which `show` ends a figure
        ...
    seen.filled                       all of its figures in which something was drawn
    describe(figure)                  dict, list, str, float, int, bool and None only
    png(figure, dpi=100)              a picture for people

Coordinates are data coordinates, whatever the artist's own transform: a line made by `axhline`
or `axline` has its two ends in the view. What a limit cut carries `"cut": true`.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.abc
import importlib.machinery
import io
import os
import pickle
import sys
import types
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from grader.sandbox.guest import describing

MAX_FIGURES_KEPT = 32
MAX_SEARCHED = 1000
MAX_PNG_PIXELS = 4_000_000


@dataclass(frozen=True)
class FigureCapture:
    """What was drawn since a mark.

    figures: those made or drawn in, oldest first. Only the newest `MAX_FIGURES_KEPT` are held.
    """

    _watch: FigureWatch

    @property
    def figures(self) -> list[Any]:
        """The figures made or drawn in since the mark, oldest first."""
        return self._watch.drawn()

    @property
    def filled(self) -> list[Any]:
        """Those of the figures in which something was drawn."""
        return [figure for figure in self.figures if not _is_blank(figure)]

    def current(self) -> Any | None:
        """The figure that was plainly meant where a function returns none: pyplot's current one
        if it was drawn in, else the newest, and one with content before an empty one."""
        drawn = self.figures
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None and pyplot.get_fignums():
            newest = pyplot.gcf()
            drawn = [figure for figure in drawn if figure is not newest] + (
                [newest] if any(figure is newest for figure in drawn) else []
            )
        filled = [figure for figure in drawn if _has_content(figure)]
        return (filled or drawn or [None])[-1]


class FigureWatch:
    """Knows every figure made, with or without pyplot, closed or not, and keeps Agg as backend."""

    def __init__(self) -> None:
        self._made: deque[Any] = deque(maxlen=MAX_FIGURES_KEPT)
        self._older: list[weakref.ref[Any]] = []
        self._shown: weakref.WeakSet[Any] = weakref.WeakSet()
        self._ends_at_show = False
        os.environ["MPLBACKEND"] = "Agg"
        self._undo: list[Callable[[], None]] = []
        patches: dict[str, Callable[[Any], None]] = {
            "matplotlib": self._keep_agg,
            "matplotlib.figure": self._wrap_figure,
            "matplotlib.pyplot": self._quiet_pyplot,
        }
        finder = _AfterImport(patches)
        sys.meta_path.insert(0, finder)
        self._undo.append(functools.partial(sys.meta_path.remove, finder))
        for name, patch in patches.items():
            module = sys.modules.get(name)
            if module is not None:
                patch(module)

    @contextlib.contextmanager
    def during(self) -> Iterator[FigureCapture]:
        """A fresh start, as a notebook gives each cell: pyplot's open figures are closed."""
        self.mark()
        yield FigureCapture(self)

    @contextlib.contextmanager
    def program(self) -> Iterator[FigureCapture]:
        """Run as a program or a notebook does: what follows `plt.show()` is a new figure."""
        self._ends_at_show = True
        try:
            with self.during() as seen:
                yield seen
        finally:
            self._ends_at_show = False

    def end_cell(self) -> None:
        """The end of a notebook's cell: Jupyter shows the figures that pyplot has open."""
        self._show()

    def mark(self) -> FigureCapture:
        """Forget what was drawn so far and begin anew."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:
            pyplot.close("all")
        self._older = [ref for ref in self._older if ref() is not None][-MAX_FIGURES_KEPT:]
        self._older += [weakref.ref(figure) for figure in self._made]
        self._made.clear()
        for ref in self._older:
            figure = ref()
            if figure is not None:
                # matplotlib sets this flag again as soon as anything in the figure changes.
                figure.stale = False
        return FigureCapture(self)

    def drawn(self) -> list[Any]:
        """The figures made or drawn in since the mark."""
        older = [figure for ref in self._older if (figure := ref()) is not None and figure.stale]
        return older + list(self._made)

    def close(self) -> None:
        """Undo every patch. For tests: a worker watches as long as it lives."""
        while self._undo:
            self._undo.pop()()

    def _wrap_figure(self, module: Any) -> None:
        figure_type: Any = module.Figure
        original = figure_type.__init__
        made = self._made

        @functools.wraps(original)
        def init(figure: Any, *args: Any, **kwargs: Any) -> None:
            original(figure, *args, **kwargs)
            made.append(figure)

        self._replace(figure_type, "__init__", init)
        clear = figure_type.clear

        @functools.wraps(clear)
        def keep_and_clear(figure: Any, *args: Any, **kwargs: Any) -> Any:
            self._keep_shown(figure)
            return clear(figure, *args, **kwargs)

        self._replace(figure_type, "clear", keep_and_clear)

    def _keep_shown(self, figure: Any) -> None:
        """Before a figure is cleared that was shown: keep a copy, as people have seen it."""
        if figure not in self._shown or _is_blank(figure):
            return
        self._shown.discard(figure)
        manager, figure.canvas.manager = figure.canvas.manager, None
        # What cannot be copied, such as a figure with a callback, is cleared and gone.
        with contextlib.suppress(Exception):
            copy = pickle.loads(pickle.dumps(figure))
            places = [place for place, made in enumerate(self._made) if made is figure]
            if places and len(self._made) < MAX_FIGURES_KEPT:
                self._made.insert(places[0], copy)
        figure.canvas.manager = manager

    def _show(self, *args: object, block: bool | None = None, **kwargs: object) -> None:
        """Stands for `plt.show`. It ends the figures, unless it is asked not to wait."""
        pyplot: Any = sys.modules.get("matplotlib.pyplot")
        if pyplot is None:
            return
        for manager in pyplot._pylab_helpers.Gcf.get_all_fig_managers():
            self._shown.add(manager.canvas.figure)
        if self._ends_at_show and block is not False:
            pyplot.close("all")

    def _keep_agg(self, module: Any) -> None:
        self._replace(module, "use", _do_nothing)

    def _quiet_pyplot(self, module: Any) -> None:
        module.switch_backend("Agg")
        for name in ("switch_backend", "pause"):
            self._replace(module, name, _do_nothing)
        self._replace(module, "show", self._show)

    def _replace(self, owner: Any, name: str, value: object) -> None:
        self._undo.append(functools.partial(setattr, owner, name, getattr(owner, name)))
        setattr(owner, name, value)


def watch() -> FigureWatch:
    """Begin to watch. Cheap: matplotlib is patched when the submission imports it, not before."""
    return FigureWatch()


def pick(result: object, seen: FigureCapture) -> Any | None:
    """The figure that a plotting function plainly means, or None.

    result: what it returned: a Figure, (fig, axes), an Axes, artists in any nesting of lists,
    tuples, dicts and arrays, or anything else, and then the current figure counts.
    """
    if "matplotlib.figure" not in sys.modules:
        return None
    budget = [MAX_SEARCHED]
    found = None
    # A returned object is the student's own: looking into it may raise whatever they like.
    with contextlib.suppress(Exception):
        found = _figure_in(result, budget)
    return found if found is not None else seen.current()


def describe(figure: Any) -> dict[str, Any]:
    """The description of `figure` in strict JSON values: see `grader.sandbox.guest.describing`."""
    return describing.describe_figure(figure)


def png(figure: Any, dpi: float = 100) -> bytes:
    """The picture as PNG bytes, at `dpi` or what keeps it below four million pixels.

    The same figure gives the same bytes: no date and no program's name stands in them. They show
    what `savefig` shows, which lays the figure out twice and so takes a third longer.
    """
    from matplotlib.backends import backend_agg
    from PIL import Image

    across, down = (max(float(inches), 0.01) for inches in figure.get_size_inches())
    dpi = min(float(dpi), (MAX_PNG_PIXELS / (across * down)) ** 0.5)
    old_dpi, buffer, agg = figure.dpi, io.BytesIO(), cast(Any, backend_agg)
    canvas = figure.canvas
    was_saving = canvas.is_saving()
    try:
        figure.dpi = dpi
        canvas._is_saving = True  # else what is animated would not be drawn
        # As matplotlib counts them: 245.99999999999997 is 246 pixels.
        width, height = (max(int(side + 1e-8), 1) for side in figure.bbox.size)
        renderer = agg.RendererAgg(width, height, dpi)
        figure.draw(renderer)
    finally:
        figure.dpi = old_dpi
        canvas._is_saving = was_saving
    pixels, size = renderer.buffer_rgba(), (width, height)
    picture = Image.frombuffer("RGBA", size, pixels, "raw", "RGBA", 0, 1)
    picture.save(buffer, format="png", dpi=(dpi, dpi))
    return buffer.getvalue()


def _do_nothing(*args: object, **kwargs: object) -> None:
    """Stands for what needs a screen."""


def _has_content(figure: Any) -> bool:
    return any(
        axes.has_data() or axes.get_title() or axes.texts or axes.patches for axes in figure.axes
    )


def _is_blank(figure: Any) -> bool:
    """Whether nothing was drawn in a figure: no axes, or axes with nothing in them."""
    own = (figure.texts, figure.lines, figure.patches, figure.images, figure.artists)
    more = any(axes.tables or axes.artists for axes in figure.axes)
    return not (any(own) or figure.legends or figure.subfigs or more or _has_content(figure))


def _figure_in(result: object, budget: list[int]) -> Any | None:
    from matplotlib.figure import Figure, FigureBase

    budget[0] -= 1
    if budget[0] < 0 or result is None or isinstance(result, (str, bytes, types.ModuleType)):
        return None
    if isinstance(result, Figure):
        return result
    if isinstance(result, FigureBase):
        return result.figure  # of a subfigure: the root figure
    items: Sequence[Any] = ()
    if isinstance(result, dict):
        items = list(result.values())[: budget[0]]
    elif isinstance(result, (list, tuple, set, frozenset)):
        items = list(result)[: budget[0]]
    elif getattr(getattr(result, "dtype", None), "kind", "") == "O":
        items = list(result.flat)[: budget[0]]  # type: ignore[attr-defined]
    for item in items:
        found = _figure_in(item, budget)
        if found is not None:
            return found
    for name in ("figure", "fig", "_fig", "canvas"):
        inner = getattr(result, name, None)
        if inner is not None and inner is not result and not callable(inner):
            found = _figure_in(inner, budget)
            if found is not None:
                return found
    return None


class _AfterImport(importlib.abc.MetaPathFinder):
    """Calls a function with a module as soon as it was imported for the first time."""

    def __init__(self, patches: dict[str, Callable[[Any], None]]) -> None:
        self._patches = patches

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec that the ordinary finder gives, its loader extended by our function."""
        if fullname not in self._patches:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            return spec
        patch, original = self._patches[fullname], spec.loader.exec_module

        def exec_module(module: types.ModuleType) -> None:
            original(module)
            patch(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec
