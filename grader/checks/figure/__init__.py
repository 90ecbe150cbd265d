"""Claims about figures that a submission drew, for check authors.

    figure = student.plot_history.draw(history)
    curve = curve_drawn(figure, history)
    axes_labelled(figure, curve.axes)

Each claim raises CheckFailed with what is missing, what was seen instead and how to correct it. It
looks at what was drawn, not at the calls that drew it: a boundary may be a line, a contour or the
edge of a coloured region. If the description was cut off by a limit and the claim does not hold for
what is left, it raises GraderFault: a person has to judge, and the answer is never "wrong".
"""

from grader.checks.figure.boundary import boundary_drawn, margins_drawn
from grader.checks.figure.classes import (
    classes_distinguishable,
    point_marked,
    support_vectors_marked,
)
from grader.checks.figure.curves import Curve, curve_drawn, log_scale
from grader.checks.figure.description import Artist, Axes, FigureDescription
from grader.checks.figure.exchanged import (
    classes_named_rightly,
    labels_in_place,
    lines_named_rightly,
)
from grader.checks.figure.functions import functions_drawn, functions_named
from grader.checks.figure.labels import (
    axes_labelled,
    legend_names,
    legend_shown,
    mark_names,
    named,
    path_labelled,
)
from grader.checks.figure.naming import told_apart
from grader.checks.figure.paths import Path, contours_drawn, path_drawn
from grader.checks.figure.regions import halves_coloured_rightly, regions_drawn
from grader.checks.figure.series import curves_drawn, curves_named
from grader.checks.figure.upright import x_marked

__all__ = [
    "Artist",
    "Axes",
    "Curve",
    "FigureDescription",
    "Path",
    "axes_labelled",
    "boundary_drawn",
    "classes_distinguishable",
    "classes_named_rightly",
    "contours_drawn",
    "curve_drawn",
    "curves_drawn",
    "curves_named",
    "functions_drawn",
    "functions_named",
    "halves_coloured_rightly",
    "labels_in_place",
    "legend_names",
    "legend_shown",
    "lines_named_rightly",
    "log_scale",
    "margins_drawn",
    "mark_names",
    "named",
    "path_drawn",
    "path_labelled",
    "point_marked",
    "regions_drawn",
    "support_vectors_marked",
    "told_apart",
    "x_marked",
]
