"""`python -m grader`."""

import os
import sys

# `python -m` looks for modules in the current folder before all others. There a student's
# random.py would be taken for Python's, and a submission's code would run in the trusted process.
# The variable says the same to the processes that are started from here.
if not sys.flags.safe_path:
    del sys.path[0]
    os.environ["PYTHONSAFEPATH"] = "1"

from grader.cli import main

main()
