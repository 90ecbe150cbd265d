"""Grades many submissions: what has to be done, which processes do it, and what is kept.

    plan                 which submissions, and which of their checks, have to be graded
    cache_keys           what the result of a check depends on
    journal              what a folder of reports contains, and what it was made from
    executors.local      runner processes on this machine
    executors.cluster    the workers of a Dask cluster
    regrade              compares a folder of reports with what it would be now

A submission's reports are written atomically as soon as it is done, and then an entry in the
journal. So if a run is killed at any moment, the next run finds complete results or none, and does
only what is left.
"""

from grader.batch.run import grade_folder
from grader.batch.tasks import Options
from grader.submission.sources import UNKNOWN

__all__ = ["UNKNOWN", "Options", "grade_folder"]
