"""How much of the picture is one artist's: the pixels that clearly change when it is hidden.

Each artist is rendered once, alone on an empty canvas; the picture with and without each of them
follows from these layers by arithmetic, where rendering the figure anew for each would cost a
draw per artist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.sandbox.describing.plain import Array, Json

LAYER_PIXELS = 12_000_000
CHANGE = 6 / 255


@dataclass(frozen=True)
class _Layer:
    """The pixels that one artist covers: their indices (m,), colours (m, 3) and alphas (m, 1).

    out: the description that gets the ink; None for a background.
    """

    out: Json | None
    order: float
    where: Array
    colour: Array
    alpha: Array


class Canvas:
    """Collects layers in the order of drawing and counts each one's ink."""

    def __init__(self, figure: Any) -> None:
        from matplotlib.backends import backend_agg

        agg: Any = backend_agg
        width, height = (max(int(size), 1) for size in figure.bbox.size)
        self.renderer = agg.RendererAgg(width, height, figure.dpi)
        self._background = np.asarray(figure.get_facecolor(), np.float32)[:3]
        self._size = height, width
        self._layers: list[_Layer] = []
        self._left = LAYER_PIXELS

    def add_background(self, axes: Any) -> None:
        """What the axes' own colour covers of the axes below it."""
        height, width = self._size
        box = axes.bbox
        rows = np.arange(max(int(height - box.y1), 0), min(int(height - box.y0), height))
        columns = np.arange(max(int(box.x0), 0), min(int(box.x1), width))
        where = (rows[:, None] * width + columns).ravel()
        colour = np.asarray(axes.get_facecolor(), np.float32)
        if len(where) and colour[3] > 0 and axes.patch.get_visible():
            self._layers.append(
                _Layer(None, float(axes.get_zorder()), where, colour[None, :3], colour[None, 3:])
            )

    def add(self, artist: Any, axes: Any, out: Json) -> None:
        """Render `artist`; its description `out` gets the ink. Texts get none: nobody asks."""
        from matplotlib.text import Text

        if isinstance(artist, Text):
            return
        out["ink"] = out["area"] = 0
        if not out["visible"]:
            return
        self.renderer.clear()
        artist.draw(self.renderer)
        pixels = np.asarray(self.renderer.buffer_rgba()).reshape(-1, 4)
        where = np.flatnonzero(pixels[:, 3])
        out["area"] = len(where)
        self._left -= len(where)
        if self._left < 0:
            out["ink"] = None
            return
        covered = pixels[where] / np.float32(255)
        order = float(axes.get_zorder())
        self._layers.append(_Layer(out, order, where, covered[:, :3], covered[:, 3:]))

    def count_ink(self) -> None:
        """Hiding a layer changes a pixel by (colour - what lies below) times its alpha times the
        transparency of everything above."""
        layers = sorted(self._layers, key=lambda layer: layer.order)
        picture = np.empty((self._size[0] * self._size[1], 3), np.float32)
        picture[:] = self._background
        changes = []
        for layer in layers:
            change = layer.alpha * (layer.colour - picture[layer.where])
            picture[layer.where] += change
            changes.append(change)
        through = np.ones(len(picture), np.float32)
        for layer, change in zip(reversed(layers), reversed(changes), strict=True):
            if layer.out is not None:
                red, green, blue = np.abs(change).T
                largest = np.maximum(np.maximum(red, green), blue) * through[layer.where]
                layer.out["ink"] = int(np.count_nonzero(largest > CHANGE))
            through[layer.where] *= 1 - layer.alpha[:, 0]
