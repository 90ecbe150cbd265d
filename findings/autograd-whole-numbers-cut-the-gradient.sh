#!/usr/bin/env bash
# autograd 1.9.1 (numpy 2.4.6): at a point of whole numbers, the gradient of a function that takes a slice
# or a row of it is cut to whole numbers, without a warning: [-1.6, 1.2] is [-1, 1], and slopes below 1
# are all 0. Without the slice the same function has the right gradient in floats, and one entry of
# a vector is a TypeError.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q autograd==1.9.1 numpy==2.4.6
"$folder/venv/bin/python" -W error - <<'PYTHON'
import autograd.numpy as np
from autograd import grad


def penalty(w):
    return 2 * np.sum(np.log(1 + w**2))


def penalty_without_bias(theta):
    return penalty(theta[:2])  # theta = [w, b]


def of_the_first_row(W):
    return np.sum(np.tanh(W[0]))


whole = np.array([-2, 3, 5])
seen = {
    "whole": grad(penalty)(whole[:2]),
    "a slice of floats": grad(penalty_without_bias)(whole.astype(float)),
    "a slice of whole": grad(penalty_without_bias)(whole),
    "a row of whole": grad(of_the_first_row)(np.ones((2, 2), int)),
}
for name, gradient in seen.items():
    print(f"{name:18} {gradient.round(3).tolist()}")
assert np.allclose(seen["whole"], [-1.6, 1.2])
assert np.allclose(seen["a slice of floats"], [-1.6, 1.2, 0])
assert seen["a slice of whole"].tolist() == [-1, 1, 0], "it was cut before"
assert seen["a row of whole"].tolist() == [[0, 0], [0, 0]], "the slope of tanh at 1 is 0.42"
try:
    grad(lambda theta: np.log(theta[1]))(whole)
except TypeError as error:
    print(f"{'one entry':18} TypeError: {error}")
else:
    raise SystemExit("one entry of a vector of whole numbers is taken")
PYTHON
# Seen:
#   whole              [-1.6, 1.2]
#   a slice of floats  [-1.6, 1.2, 0.0]
#   a slice of whole   [-1, 1, 0]
#   a row of whole     [[0, 0], [0, 0]]
#   one entry          TypeError: Can't differentiate w.r.t. type <class 'numpy.int64'>
