#!/usr/bin/env bash
# numpy 2.4.6: the cross-entropy of a perfect prediction, -sum(log 1), is -0.0, and so
# `np.testing.assert_equal(loss, 0)` refuses it, also in a list or dict; in an array of any shape it is
# equal. Python's `==`, assert_array_equal and assert_allclose take both, and the documentation names
# an exception for NaN alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q numpy==2.4.6
"$folder/venv/bin/python" -W error - <<'PYTHON'
import numpy as np


def says(assertion, got, wanted):
    try:
        assertion(got, wanted)
    except AssertionError:
        return "refused"
    return "passes"


P = np.array([[1.0, 0.0], [0.0, 1.0]])
loss = -np.mean(np.log(P[[0, 1], [0, 1]]))
seen = {
    "assert_equal(loss, 0)": says(np.testing.assert_equal, loss, 0),
    "assert_equal([loss], [0])": says(np.testing.assert_equal, [loss], [0]),
    "assert_equal({'loss': loss}, {'loss': 0})": says(np.testing.assert_equal, {"loss": loss}, {"loss": 0}),
    "assert_equal(np.array(loss), 0)": says(np.testing.assert_equal, np.array(loss), 0),
    "assert_array_equal(loss, 0)": says(np.testing.assert_array_equal, loss, 0),
    "assert_allclose(loss, 0)": says(np.testing.assert_allclose, loss, 0),
}
print("loss =", loss, "| loss == 0:", bool(loss == 0))
for claim, outcome in seen.items():
    print(f"{claim:42} {outcome}")
assert list(seen.values()) == ["refused"] * 3 + ["passes"] * 3
PYTHON
# Seen:
#   loss = -0.0 | loss == 0: True
#   assert_equal(loss, 0)                      refused
#   assert_equal([loss], [0])                  refused
#   assert_equal({'loss': loss}, {'loss': 0})  refused
#   assert_equal(np.array(loss), 0)            passes
#   assert_array_equal(loss, 0)                passes
#   assert_allclose(loss, 0)                   passes
