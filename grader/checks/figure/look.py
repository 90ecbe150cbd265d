"""What a person can see: colours as the eye tells them apart, and which artists are visible."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from grader.checks.figure.description import Artist, Axes, FigureDescription

Array = np.ndarray[Any, Any]

MIN_ALPHA = 0.03
MIN_CONTRAST = 5.0
MIN_INK = 20
MIN_POINT_INK = 1
MIN_SHARE = 0.25
CLEAR_SHARE = 0.5

_MOST_KEPT = 24  # numbers: eight colours

# sRGB to XYZ under D65, from IEC 61966-2-1.
_TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], float
)
_WHITE = np.array([0.9505, 1.0, 1.089])


def lab(rgb: Array) -> Array:
    """(n, 3) or (3,) sRGB from 0 to 1 -> CIE L*a*b*. It is not to be changed."""
    colours = np.ascontiguousarray(rgb, dtype=float)
    if colours.size > _MOST_KEPT:
        return _lab(colours)
    return _kept_lab(colours.tobytes(), colours.shape)


# Claims look at the same few colours of a figure, and at the white behind it, again and again.
@functools.lru_cache(maxsize=1024)
def _kept_lab(colours: bytes, shape: tuple[int, ...]) -> Array:
    made = _lab(np.frombuffer(colours).reshape(shape))
    made.flags.writeable = False
    return made


def _lab(rgb: Array) -> Array:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    ratio = linear @ _TO_XYZ.T / _WHITE
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = np.moveaxis(root, -1, 0)
    out: Array = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
    return out


def difference(one: Array, other: Array) -> Array:
    """The distance dE (CIE 1976) of RGBA colours, ignoring alpha: 2.3 is just noticeable."""
    return np.asarray(np.linalg.norm(lab(one[..., :3]) - lab(other[..., :3]), axis=-1))


def over(colours: Array, background: Array) -> Array:
    """(n, 4) RGBA laid over a background (4,) -> (n, 4) opaque."""
    alpha = colours[:, 3:]
    mixed = colours[:, :3] * alpha + background[:3] * (1 - alpha)
    return np.column_stack([mixed, np.ones(len(colours))])


def face_of(axes: Axes) -> Array:
    """The colour behind the data, (4,) opaque."""
    face: Array = over(axes.facecolor[None], np.ones(4))[0]
    return face


def contrasting(colours: Array, axes: Axes, artist: Artist) -> Array:
    """(n,) bools: which of the artist's (n, 4) colours can be seen in `axes`.

    Those unlike the face of the axes; and all of an artist that changes most pixels it covers,
    as white does on a dark filled contour.
    """
    clear = artist.ink is not None and artist.area and artist.ink >= CLEAR_SHARE * artist.area
    differs = difference(colours, face_of(axes)) >= MIN_CONTRAST
    return (colours[:, 3] >= MIN_ALPHA) & (differs | bool(clear))


def shown(artist: Artist, axes: Axes) -> bool:
    """Whether some of the artist can be seen: not hidden, not covered, not in the face's colour."""
    if not (artist.visible and axes.visible) or artist.alpha < MIN_ALPHA:
        return False
    least: float = MIN_INK if artist.markers is None else MIN_POINT_INK
    if artist.area is not None:
        least = max(min(least, MIN_SHARE * artist.area), MIN_POINT_INK)
    if artist.ink is not None and artist.ink < least:
        return False
    if artist.kind in ("mesh", "image", "unreadable") or (artist.hatches and artist.ink):
        return True  # where its face has the colour behind it, what changes is the hatching
    colours = [artist.edge, artist.face]
    if artist.markers is not None:
        colours += [artist.markers.edge, artist.markers.face]
    return bool(contrasting(np.concatenate(colours), axes, artist).any())


def require_description(figure: object) -> None:
    """Raise TypeError for what is no description: a check's author has forgotten `.draw`."""
    if not isinstance(figure, FigureDescription):
        raise TypeError("a claim takes what `student.f.draw(...)` returns, not `student.f(...)`")


def data_axes(figure: FigureDescription) -> list[Axes]:
    """The axes that hold data: visible, no colorbar, something in them."""
    require_description(figure)
    return [axes for axes in figure.axes if axes.visible and not axes.is_colorbar and axes.artists]


def plane_axes(figure: FigureDescription) -> list[Axes]:
    """The data axes whose coordinates can be read: two straight directions."""
    return [axes for axes in data_axes(figure) if axes.projection == "rectilinear"]


def uncheckable(figure: FigureDescription, *, words: bool = False) -> str | None:
    """What of the figure could not be described, in words, or None if everything was.

    words: only its words matter.
    """
    if figure.cut:
        return "it has more axes than are described"
    if words:
        return None
    for axes in data_axes(figure):
        if axes.projection != "rectilinear":
            return f"it has axes of the projection {axes.projection!r}"
        if axes.cut:
            return f"axes {axes.index + 1} holds more than are described"
        for artist in axes.artists:
            if artist.cut and artist.visible:
                return (
                    f"something drawn in axes {axes.index + 1} has more points than are described"
                )
            if artist.kind == "unreadable" and artist.visible:
                return f"something in axes {axes.index + 1} is of a kind that cannot be read"
    return None
