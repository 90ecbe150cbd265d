#!/usr/bin/env bash
# scipy 1.17.1: at the kink of a hinge loss, scipy.differentiate.derivative reports a slope of -0.5 with
# success and an estimated error of 0; a thousandth beside the kink, where the slope is -1 or 0, it
# reports no success. So `success` and `error` tell the two apart the wrong way round.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q scipy==1.17.1 numpy==2.4.6
"$folder/venv/bin/python" -W error - <<'PYTHON'
import numpy as np
from scipy.differentiate import derivative


def hinge(margin):
    return np.maximum(0.0, 1.0 - margin)


def ridge_with_hinge(w):
    return w**2 + hinge(w)


seen = []
for function in (hinge, ridge_with_hinge):
    for margin in (0.999, 1.0, 1.001):
        found = derivative(function, margin)
        seen.append((bool(found.success), float(found.error) == 0.0))
        print(
            f"{function.__name__:16} at {margin:.3f}: slope {float(found.df):7.4f}, "
            f"error {float(found.error):.0e}, success {bool(found.success)}"
        )
BESIDE, AT = (False, False), (True, True)
assert seen == [BESIDE, AT, BESIDE] * 2, seen
PYTHON
# Seen:
#   hinge            at 0.999: slope -1.0000, error 9e-05, success False
#   hinge            at 1.000: slope -0.5000, error 0e+00, success True
#   hinge            at 1.001: slope  0.0000, error 9e-05, success False
#   ridge_with_hinge at 0.999: slope  0.9980, error 9e-05, success False
#   ridge_with_hinge at 1.000: slope  1.5000, error 0e+00, success True
#   ridge_with_hinge at 1.001: slope  2.0020, error 9e-05, success False
