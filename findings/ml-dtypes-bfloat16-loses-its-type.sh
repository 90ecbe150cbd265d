#!/usr/bin/env bash
# ml-dtypes 0.6.0 with numpy 2.4.6: an array of bfloat16 (what jax and tensorflow give) is no floating
# type to numpy, its dtype.str is that of two raw bytes, and np.save then np.load bring back
# bytes instead of numbers, without a warning or error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q ml_dtypes==0.6.0 numpy==2.4.6
"$folder/venv/bin/python" -W error - <<'PYTHON'
import io

import ml_dtypes
import numpy as np

weights = np.arange(3).astype(ml_dtypes.bfloat16)
file = io.BytesIO()
np.save(file, weights)
file.seek(0)
loaded = np.load(file)
print(weights.dtype, weights.dtype.kind, weights.dtype.str, np.issubdtype(weights.dtype, np.floating))
print(loaded.dtype, loaded.tolist())
assert weights.dtype.kind == "V" and not np.issubdtype(weights.dtype, np.floating)
assert loaded.dtype == np.dtype("V2") and loaded.tolist()[1] == b"\x80?"
PYTHON
# Seen:
#   bfloat16 V <V2 False
#   |V2 [b'\x00\x00', b'\x80?', b'\x00@']
