#!/usr/bin/env bash
# otter-grader 7.0.0 compares the text that a doctest prints: with numpy 2 the test `>>> np.mean([1, 2])`
# that expects 1.5 (as every assignment of numpy 1's time has it) refuses the right answer, and the same
# notebook's `float(...)` of it passes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q otter-grader==7.0.0 numpy==2.4.6
mkdir "$folder/tests"
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from pathlib import Path

import numpy as np
import otter

TEST = '''
OK_FORMAT = True
test = {{
    "name": "{name}", "points": 1,
    "suites": [{{
        "cases": [{{"code": {code!r}, "hidden": False, "locked": False}}],
        "scored": True, "setup": "", "teardown": "", "type": "doctest",
    }}],
}}
'''
codes = {
    "written_for_numpy_1": ">>> average\n1.5",
    "of_an_array": ">>> scores\narray([1., 2.])",
    "converted": ">>> float(average)\n1.5",
}
answers = {"np": np, "average": np.mean([1, 2]), "scores": np.array([1.0, 2.0])}
for name, code in codes.items():
    Path("tests", f"{name}.py").write_text(TEST.format(name=name, code=code))
grader = otter.Notebook(tests_dir="tests")
passed = {name: grader.check(name, global_env=answers).passed_all_public for name in codes}
print(passed)
assert passed == {"written_for_numpy_1": False, "of_an_array": True, "converted": True}
PYTHON
# Seen:
#   {'written_for_numpy_1': False, 'of_an_array': True, 'converted': True}
