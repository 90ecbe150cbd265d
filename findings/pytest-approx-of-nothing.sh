#!/usr/bin/env bash
# pytest 9.2.0, numpy 2.4.6: an array without entries equals every approx() of one value, be it a
# number, a text, None or True, and passes numpy's own assertions against a number, unless
# `strict=True`. It is refused where `approx` holds a list, and so is an empty list by a number.
# So `assert loss([]) == approx(0.5)` passes for a function that filters everything away.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pytest==9.2.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
from pytest import approx

nothing = np.zeros((0, 3))
values = {
    "nothing == approx(0.5)": nothing == approx(0.5),
    "nothing == approx('a')": nothing == approx("a"),
    "nothing == approx(None)": nothing == approx(None),
    "nothing == approx([0.5])": nothing == approx([0.5]),
    "[] == approx(0.5)": [] == approx(0.5),
}
for claim, holds in values.items():
    print(f"{claim:26} {holds}")
assert list(values.values()) == [True, True, True, False, False]
np.testing.assert_allclose(nothing, 0.5)
np.testing.assert_equal(nothing, 0.5)
print("np.testing.assert_allclose(nothing, 0.5) and assert_equal pass")
try:
    np.testing.assert_allclose(nothing, 0.5, strict=True)
except AssertionError:
    print("and fail with strict=True")
else:
    raise SystemExit("strict=True accepts it too")
PYTHON
# Seen:
#   nothing == approx(0.5)     True
#   nothing == approx('a')     True
#   nothing == approx(None)    True
#   nothing == approx([0.5])   False
#   [] == approx(0.5)          False
#   np.testing.assert_allclose(nothing, 0.5) and assert_equal pass
#   and fail with strict=True
