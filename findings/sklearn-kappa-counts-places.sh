#!/usr/bin/env bash
# scikit-learn 1.9.1: the weights of `cohen_kappa_score` are not differences of marks but of their places in the
# sorted list of the marks that occur. Two markers who differ by one point out of ten agree by 0.73, for
# nobody gave 1 to 8, so that 0 stands next to 9; `labels=range(11)` makes it 0.99, which is 1 less the
# squared differences over those expected. The same marks as text stand in the order 10, 8, 9: 0.75 is 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q scikit-learn==1.9.1 numpy==2.4.6
"$folder/venv/bin/python" -W error - <<'PYTHON'
import numpy as np
from sklearn.metrics import cohen_kappa_score


def by_differences(first, second):
    """Quadratic kappa from the marks themselves."""
    a, b = np.array(first), np.array(second)
    return 1 - np.mean((a - b) ** 2) / np.mean((a[:, None] - b) ** 2)


def kappa(first, second, **how):
    return cohen_kappa_score(first, second, weights="quadratic", **how)


first, second = [0, 0, 9, 9, 10, 10, 0, 10], [0, 0, 10, 9, 9, 10, 0, 9]
seen = [kappa(first, second), kappa(first, second, labels=range(11)), by_differences(first, second)]
print("marks 0, 9 and 10:  as they are {:.3f}, of all marks {:.3f}, by hand {:.3f}".format(*seen))
assert np.allclose(seen, [0.7273, 0.9912, 0.9912], atol=1e-4), seen

first, second = [8, 9, 10, 9, 8, 10], [8, 9, 10, 10, 8, 9]
as_text = kappa([str(mark) for mark in first], [str(mark) for mark in second])
seen = [kappa(first, second), by_differences(first, second), as_text]
print("marks 8, 9 and 10:  as they are {:.3f}, by hand {:.3f}, as text {:.3f}".format(*seen[:2], abs(as_text)))
assert np.allclose(seen, [0.75, 0.75, 0.0], atol=1e-4), seen
PYTHON
# Seen:
#   marks 0, 9 and 10:  as they are 0.727, of all marks 0.991, by hand 0.991
#   marks 8, 9 and 10:  as they are 0.750, by hand 0.750, as text 0.000
