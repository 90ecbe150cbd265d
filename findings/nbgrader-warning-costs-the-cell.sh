#!/usr/bin/env bash
# nbgrader 0.9.6: a test cell whose asserts all pass scores 0 when something in it writes to stderr, such
# as the RuntimeWarning of a right solution that numpy warns about; and one whose last line shows a
# number that is not negative scores that number.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q nbgrader==0.9.6 numpy==2.4.6
cd "$folder"
export HOME="$folder" PATH="$folder/venv/bin:$PATH" JUPYTER_PATH="$folder/venv/share/jupyter"
cat > nbgrader_config.py <<'CONFIG'
c = get_config()
c.CourseDirectory.course_id = "course"
c.CourseDirectory.root = "."
CONFIG
python - <<'PYTHON'
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook


def cell(name, source, *, points=None):
    marks = {"grade": points is not None, "solution": points is None, "locked": points is not None}
    marks |= {"schema_version": 3, "grade_id": name, "task": False}
    marks |= {} if points is None else {"points": points}
    return new_code_cell(source, metadata={"nbgrader": marks})


notebook = new_notebook(
    cells=[
        cell("solution", "import numpy as np\ndef log_of(p):\n    return np.where(p > 0, np.log(p), 0.0)"),
        cell("quiet", "assert log_of(np.array([1.0])) == 0", points=2),
        cell("warned", "assert log_of(np.array([0.0])) == 0", points=2),
        cell("shows_a_number", "assert log_of(np.array([1.0])) == 0\n1", points=2),
        cell("shows_minus_one", "assert log_of(np.array([1.0])) == 0\n-1", points=2),
    ],
    metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
)
for folder in ("source/logs", "submitted/alice/logs"):
    Path(folder).mkdir(parents=True)
    nbformat.write(notebook, f"{folder}/logs.ipynb")
PYTHON
nbgrader generate_assignment logs >generate.log 2>&1 || { cat generate.log; exit 1; }
nbgrader autograde logs >autograde.log 2>&1 || { cat autograde.log; exit 1; }
python - <<'PYTHON'
from nbgrader.api import Gradebook

with Gradebook("sqlite:///gradebook.db") as gradebook:
    [notebook] = gradebook.find_submission("logs", "alice").notebooks
    scores = {grade.name: grade.score for grade in notebook.grades}
print(scores)
assert scores == {"quiet": 2, "warned": 0, "shows_a_number": 1, "shows_minus_one": 2}, scores
PYTHON
# Seen:
#   {'quiet': 2.0, 'warned': 0.0, 'shows_a_number': 1.0, 'shows_minus_one': 2.0}
