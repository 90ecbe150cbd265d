"""The systems that are understood: the only list of them."""

from __future__ import annotations

from grader.lms.brightspace import Brightspace
from grader.lms.canvas import Canvas
from grader.lms.folder import Folder
from grader.lms.gradescope import Gradescope
from grader.lms.moodle import Moodle
from grader.lms.protocol import Lms

# Folder comes first: its table of times names its own columns, and Moodle's may have any names.
SYSTEMS: tuple[Lms, ...] = (
    Folder(),
    Canvas(),
    Moodle(),
    Gradescope(),
    Brightspace(),
)
