"""Grading many submissions: what is to be done, who does it, and what is kept of it.

    plan       which submissions, and which of their checks, have to be graded
    keys       what the result of a check depends on
    journal    what stands in a folder of reports, and what it was made from
    local      executor: runner processes on this machine
    cluster    executor: the workers of a Dask cluster
    regrade    a folder of reports against what it would be today

A submission's reports are written atomically as soon as it is done, and then an entry in the
journal. So whatever is killed, and whenever, the next run finds whole results or none, and does
only what is left.
"""

from grader.batch.run import grade_folder
from grader.batch.tasks import Options
from grader.submission.sources import UNKNOWN

__all__ = ["UNKNOWN", "Options", "grade_folder"]
