#!/usr/bin/env bash
# safetensors 0.8.0 (numpy 2.4.6): `safetensors.numpy.save` writes an array's memory under its shape, so
# that a transposed or strided array comes back with other numbers, without an error; 0.7.0 wrote what the
# array holds. scikit-learn's PCA, numpy.linalg and `W.T` give such arrays.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
cat > "$folder/there_and_back.py" <<'PYTHON'
import sys

import numpy as np
from safetensors import __version__
from safetensors.numpy import load, save

W = np.arange(6.0).reshape(2, 3)
same = []
for name, array in {"W": W, "W.T": W.T, "W[:, ::2]": W[:, ::2]}.items():
    back = load(save({"weights": array}))["weights"]
    same.append(np.array_equal(back, array))
    print(f"{__version__}  {name:9}  {array.tolist()} -> {back.tolist()}")
assert same == [True, *[sys.argv[1] == "right"] * 2], same
PYTHON
"$folder/venv/bin/pip" install -q numpy==2.4.6 safetensors==0.7.0
"$folder/venv/bin/python" "$folder/there_and_back.py" right
"$folder/venv/bin/pip" install -q safetensors==0.8.0
"$folder/venv/bin/python" "$folder/there_and_back.py" wrong
# Seen:
#   0.7.0  W          [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]] -> [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
#   0.7.0  W.T        [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] -> [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]
#   0.7.0  W[:, ::2]  [[0.0, 2.0], [3.0, 5.0]] -> [[0.0, 2.0], [3.0, 5.0]]
#   0.8.0  W          [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]] -> [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
#   0.8.0  W.T        [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] -> [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]
#   0.8.0  W[:, ::2]  [[0.0, 2.0], [3.0, 5.0]] -> [[0.0, 1.0], [2.0, 3.0]]
