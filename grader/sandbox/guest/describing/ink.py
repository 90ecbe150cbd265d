"""How much of the picture is one artist's: the pixels that clearly change when it is hidden.

Each artist is rendered once, alone on an empty canvas; the picture with and without each of them
follows from these layers by arithmetic, where rendering the figure anew for each would cost a
draw per artist.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.sandbox.guest.describing.covers import inner_axes, is_decorated
from grader.sandbox.guest.describing.plain import Array, Json

LAYER_PIXELS = 12_000_000
CHANGE = 6 / 255
LONG_TEXT = 500  # characters
SMALL_INSET = 0.25  # of the area of the axes that it lies in
LEFT_BY_INSETS = 0.5  # of what axes show: small insets that leave less do cover
LEFT_OF_WORDS = 0.3  # of a text's letters: where less is left, nobody can read it


Order = tuple[float, int, int, int]


@dataclass(frozen=True)
class _Layer:
    """The pixels that one artist covers: their indices (m,), colours (m, 3) and alphas (m, 1).

    axes: the id of the axes in which it stands. is_inset: a small inset's background. words: the
    text whose letters these are, where it is asked whether something lies over them.
    out: the description that gets the ink; None for what only covers: a background, a legend, what
    stands in the figure itself. order: what is drawn first is below. By the zorder of the axes or
    of the figure's own artist, then its place among the figure's children, then as it came, a
    background before the artists on it.
    """

    out: Json | None
    order: Order
    where: Array
    colour: Array
    alpha: Array
    axes: int = 0
    is_inset: bool = False
    words: Any = None


class Raster:
    """Collects layers in the order of drawing and counts each one's ink."""

    def __init__(self, figure: Any) -> None:
        from matplotlib.backends import backend_agg

        agg: Any = backend_agg
        width, height = (max(int(size), 1) for size in figure.bbox.size)
        self.renderer = agg.RendererAgg(width, height, figure.dpi)
        self._background = np.asarray(figure.get_facecolor(), np.float32)[:3]
        self._size = height, width
        self._layers: list[_Layer] = []
        self._backgrounds: list[tuple[Order, Any, Array, bool]] = []
        self._places = _places(figure)
        self._boxes: list[Any] = []
        self._outs: list[Json] = []
        self._left = self._left_for_covers = LAYER_PIXELS
        self.asks_for_words = False
        self.covered_words: list[Any] = []  # after count_ink: texts that something lies over

    def add_background(self, axes: Any) -> None:
        """What the axes' own colour covers of the axes below it.

        A small inset covers nothing, unless it leaves little to be seen: whoever drew it in a
        corner did not know the data.
        """
        colour = np.asarray(axes.get_facecolor(), np.float32)
        box, width, height = axes.bbox, axes.bbox.width, axes.bbox.height
        inset = any(
            below.contains((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
            and width * height <= SMALL_INSET * below.width * below.height
            for below in self._boxes
        )
        self._boxes.append(box)
        if is_decorated(axes.patch):
            self.add_cover(axes.patch, axes)
        elif colour[3] > 0 and axes.patch.get_visible():
            order = *self._place(axes), len(self._layers), 0
            self._backgrounds.append((order, box, colour, inset))

    def hide_below(self, axes: Any) -> None:
        """Count nothing as seen below axes of which nothing is known."""
        order = *self._place(axes), len(self._layers), 0
        self._backgrounds.append((order, axes.bbox, np.ones(4, np.float32), False))

    def add(self, artist: Any, axes: Any, out: Json) -> None:
        """Render `artist`; its description `out` gets the ink."""
        from matplotlib.text import Text

        if isinstance(artist, Text):
            with contextlib.suppress(Exception):  # TeX that cannot be set shows and covers nothing
                self._add_cover(self._draw([artist], 1.0), axes, out)
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
        if self._left >= 0:
            self._add_layer(out, axes, where, pixels[where])
        self._outs.append(out)

    def add_cover(self, artist: Any, parent: Any, image_scale: float = 1.0) -> None:
        """What nobody asks for and what may lie over the rest: a legend, a text, a patch.

        parent: the axes in which it stands, or the artist itself where it stands in the figure.
        image_scale: the size of a pixel of an image of the figure's own, in pixels of the canvas.
        """
        with contextlib.suppress(Exception):  # TeX that cannot be set covers nothing
            self._add_cover(self._draw([artist], image_scale), parent)

    def add_covers(self, artists: list[Any], parent: Any) -> None:
        """Many such artists as one layer, which lies on top of what came before."""
        if artists:
            self._add_cover(self._draw(artists, 1.0), parent)

    def add_words(self, texts: list[Any], parent: Any) -> None:
        """Ask of texts that were drawn just now whether something comes to lie over them."""
        for text in texts:
            with contextlib.suppress(Exception):  # TeX that cannot be set
                self._add_cover(self._draw([text], 1.0), parent, words=text)

    def _draw(self, artists: list[Any], image_scale: float) -> Array:
        """The pixels (m, 4) of artists on an empty canvas."""
        from matplotlib.image import FigureImage

        self.renderer.clear()
        for artist in artists:
            if isinstance(artist, FigureImage) and artist.get_visible():
                return self._figure_image(artist, image_scale)
            with contextlib.suppress(Exception), _shortened_texts(artist):
                artist.draw(self.renderer)
        return np.asarray(self.renderer.buffer_rgba()).reshape(-1, 4)

    def _add_cover(
        self, pixels: Array, parent: Any, out: Json | None = None, words: Any = None
    ) -> None:
        where = np.flatnonzero(pixels[:, 3])
        self._left_for_covers -= len(where)
        if self._left_for_covers >= 0:
            if out is not None:
                out["ink"], out["area"] = 0, len(where)
            self._add_layer(out, parent, where, pixels[where], words)

    def _figure_image(self, image: Any, scale: float) -> Array:
        """A figure's own image, whose pixels keep their size whatever the figure's resolution."""
        height, width = self._size
        colours = np.asarray(image.to_rgba(image.get_array(), alpha=image.get_alpha(), bytes=True))
        if image.origin == "upper":
            colours = colours[::-1]  # the first row is now at the bottom, where y is 0
        rows, columns = np.indices(self._size)
        x = np.floor(columns / scale - image.ox).astype(int)
        y = np.floor((height - 1 - rows + 0.5) / scale - image.oy).astype(int)
        inside = (x >= 0) & (x < colours.shape[1]) & (y >= 0) & (y < colours.shape[0])
        pixels = np.zeros((height, width, 4), np.uint8)
        pixels[inside] = colours[y[inside], x[inside]]
        return pixels.reshape(-1, 4)

    def _add_layer(
        self, out: Json | None, parent: Any, where: Array, pixels: Array, words: Any = None
    ) -> None:
        covered = pixels / np.float32(255)
        colour, alpha = covered[:, :3], covered[:, 3:]
        order = *self._place(parent), len(self._layers), 1
        self._layers.append(_Layer(out, order, where, colour, alpha, id(parent), words=words))

    def _place(self, drawn: Any) -> tuple[float, int]:
        """Where axes or an artist of the figure's own come in the order of drawing."""
        return self._places.get(id(drawn), (float(drawn.get_zorder()), len(self._places)))

    def count_ink(self) -> None:
        """Give each description its ink: that without small insets, unless these hide too much.

        Where the layers were too large to be kept, nothing is known to be seen: a person looks.
        """
        if min(self._left, self._left_for_covers) < 0:
            for out in self._outs:
                out["cut"] = True
            return
        pixels = self._number_covered_pixels()
        layers = sorted(
            [*self._background_layers(pixels), *self._layers], key=lambda layer: layer.order
        )
        counted = self._count(layers, len(pixels), self.covered_words)
        if any(layer.is_inset for layer in layers):
            free = self._count([layer for layer in layers if not layer.is_inset], len(pixels), [])
            for axes, all_free in free.items():
                left = sum(ink for _, ink in counted[axes])
                if left >= LEFT_BY_INSETS * sum(ink for _, ink in all_free):
                    counted[axes] = all_free
        for all_of_axes in counted.values():
            for out, ink in all_of_axes:
                out["ink"] = ink

    def _count(
        self, layers: list[_Layer], pixels: int, covered_words: list[Any]
    ) -> dict[int, list[tuple[Json, int]]]:
        """The ink of each description, by axes. covered_words takes what cannot be read.

        Hiding a layer changes a pixel by (colour - what lies below) times its alpha times the
        transparency of everything above.
        """
        picture = np.empty((pixels, 3), np.float32)
        picture[:] = self._background
        changes = []
        for layer in layers:
            change = layer.alpha * (layer.colour - picture[layer.where])
            picture[layer.where] += change
            changes.append(change)
        through = np.ones(len(picture), np.float32)
        counted: dict[int, list[tuple[Json, int]]] = {}
        for layer, change in zip(reversed(layers), reversed(changes), strict=True):
            if layer.out is not None:
                red, green, blue = np.abs(change).T
                largest = np.maximum(np.maximum(red, green), blue) * through[layer.where]
                ink = int(np.count_nonzero(largest > CHANGE))
                counted.setdefault(layer.axes, []).append((layer.out, ink))
            if layer.words is not None:
                letters = layer.alpha[:, 0]
                if letters @ through[layer.where] < LEFT_OF_WORDS * letters.sum():
                    covered_words.append(layer.words)
            through[layer.where] *= 1 - layer.alpha[:, 0]
        return counted

    def _number_covered_pixels(self) -> Array:
        """Only pixels that some artist covers matter, and they are few: the layers' indices
        become positions among them. Returns those pixels."""
        covered = np.zeros(self._size[0] * self._size[1], bool)
        for layer in self._layers:
            covered[layer.where] = True
        pixels = np.flatnonzero(covered)
        self._layers = [
            replace(layer, where=np.searchsorted(pixels, layer.where)) for layer in self._layers
        ]
        return pixels

    def _background_layers(self, pixels: Array) -> list[_Layer]:
        height, width = self._size
        rows, columns = np.divmod(pixels, width)
        layers = []
        for order, box, colour, inset in self._backgrounds:
            inside = (rows >= int(height - box.y1)) & (rows < int(height - box.y0))
            inside &= (columns >= int(box.x0)) & (columns < int(box.x1))
            where = np.flatnonzero(inside)
            layer = _Layer(None, order, where, colour[None, :3], colour[None, 3:], 0, inset)
            layers.append(layer)
        return layers


@contextlib.contextmanager
def _shortened_texts(artist: Any) -> Iterator[None]:
    """Draw only the beginning of very long texts in an artist: each character costs 60 us, also
    where nobody can see it."""
    from matplotlib.text import Text

    texts = artist.findobj(lambda each: isinstance(each, Text) and len(each.get_text()) > LONG_TEXT)
    whole = [text.get_text() for text in texts]
    try:
        for text, words in zip(texts, whole, strict=True):
            text.set_text(words[:LONG_TEXT])
        yield
    finally:
        for text, words in zip(texts, whole, strict=True):
            text.set_text(words)


def _places(figure: Any) -> dict[int, tuple[float, int]]:
    """For the figure's own artists and axes: zorder, then place among all of them.

    What stands in a subfigure is drawn where that one is, its page first. An inset comes with the
    axes that it lies in.
    """
    places: dict[int, tuple[float, int]] = {}

    def number(part: Any, zorder: float | None) -> None:
        """zorder: that of the subfigure in which everything stands; None in the figure itself."""
        children = sorted(part.get_children(), key=lambda child: float(child.get_zorder()))
        for child in [part.patch, *(child for child in children if child is not part.patch)]:
            own = float(child.get_zorder()) if zorder is None else zorder
            is_new = id(child) not in places
            places[id(child)] = own, len(places)
            if is_new and hasattr(child, "subfigs"):  # a figure may stand in itself
                number(child, own)
            for inset in inner_axes(child) if hasattr(child, "child_axes") else ():
                places.setdefault(id(inset), places[id(child)])

    number(figure, None)
    return places
