"""How much of the picture is one artist's: the pixels that change when it is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.sandbox.plain import Array, Json

LAYER_PIXELS = 12_000_000
CHANGE = 2 / 255


@dataclass
class _Layer:
    """One artist rendered alone: where it has pixels, and which."""

    out: Json | None
    place: tuple[slice, slice]
    pixels: Array
    order: tuple[float, ...]
    below: Array = field(default_factory=lambda: np.empty(0))


class Canvas:
    """Renders artists one at a time and finds how many pixels each changes in the whole picture."""

    def __init__(self, figure: Any) -> None:
        from matplotlib.backends.backend_agg import RendererAgg

        width, height = (max(int(size), 1) for size in figure.bbox.size)
        self.renderer = RendererAgg(width, height, figure.dpi)
        self._background = np.asarray(figure.get_facecolor(), np.float32)[:3]
        self._shape = (height, width)
        self._layers: list[_Layer] = []
        self._left = INK_LAYER_PIXELS
        self._texts: tuple[type, ...] = ()

    def add(self, artist: Any, axes: Any, out: Json | None) -> None:
        """Render `artist`; its description `out` gets the ink. None of a text: nobody asks."""
        from matplotlib.text import Text

        if artist is None or isinstance(artist, Text):
            return
        if not artist.get_visible() or (out is not None and not out["visible"]):
            if out is not None:
                out["ink"] = 0
            return
        self.renderer.clear()
        artist.draw(self.renderer)
        pixels = np.asarray(self.renderer.buffer_rgba())
        covered = pixels[:, :, 3] > 0
        rows = np.flatnonzero(covered.any(axis=1))
        columns = np.flatnonzero(covered.any(axis=0))
        if out is not None:
            out["ink"] = 0
        if not len(rows):
            return
        place = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        self._left -= (rows[-1] + 1 - rows[0]) * (columns[-1] + 1 - columns[0])
        if self._left < 0:
            if out is not None:
                out["ink"] = None
            return
        order = (float(axes.get_zorder()), float(len(self._layers)))
        self._layers.append(_Layer(out, place, pixels[place].copy(), order))

    def count_ink(self) -> None:
        """Hiding a layer changes a pixel by (colour - what lies below) times its alpha times the
        transparency of everything above."""
        layers = sorted(self._layers, key=lambda layer: layer.order)
        picture = np.empty((*self._shape, 3), np.float32)
        picture[:] = self._background
        for layer in layers:
            below = picture[layer.place]
            layer.below = below.copy()
            colour = layer.pixels[:, :, :3] / np.float32(255)
            alpha = layer.pixels[:, :, 3:] / np.float32(255)
            below += alpha * (colour - below)
        through = np.ones(self._shape, np.float32)
        for layer in reversed(layers):
            alpha = layer.pixels[:, :, 3] / np.float32(255)
            colour = layer.pixels[:, :, :3] / np.float32(255)
            change = np.abs(colour - layer.below).max(axis=2) * alpha * through[layer.place]
            if layer.out is not None:
                layer.out["ink"] = int((change > INK_CHANGE).sum())
            through[layer.place] *= 1 - alpha
