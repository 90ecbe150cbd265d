#!/usr/bin/env bash
# plotly 7.1.0 (numpy 2.4.6): a figure that is written as JSON and read by plotly itself holds, in the
# place of its numbers, the dict {"dtype", "bdata"} as it was written, and so has a `len` of 2. Which
# arrays that befalls depends on their values: whole numbers that need more than 32 bits and all lists
# come back as they were. A NaN is null in a list and stays a NaN in an array.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q plotly==7.1.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import json

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio

heights = {
    "floats": np.array([3.0, 2.0, 1.5]),
    "whole": np.array([3, 2, 1]),
    "large": np.array([3, 2, 2**40]),
    "list": [3.0, 2.0, 1.5],
}
kinds = {}
for name, y in heights.items():
    figure = go.Figure(go.Scatter(y=y))
    back = pio.from_json(figure.to_json()).data[0].y
    kinds[name] = type(back).__name__
    print(f"{name:7} {type(figure.data[0].y).__name__:8} -> {back}")
assert kinds == {"floats": "dict", "whole": "dict", "large": "tuple", "list": "tuple"}, kinds

gaps = [3.0, float("nan")]
written = [json.loads(go.Figure(go.Scatter(y=y)).to_json())["data"][0]["y"] for y in (gaps, np.array(gaps))]
print("with a NaN:", *written)
assert written[0] == [3.0, None]
assert written[1]["dtype"] == "f8"
PYTHON
# Seen:
#   floats  ndarray  -> {'dtype': 'f8', 'bdata': 'AAAAAAAACEAAAAAAAAAAQAAAAAAAAPg/'}
#   whole   ndarray  -> {'dtype': 'i1', 'bdata': 'AwIB'}
#   large   ndarray  -> (3, 2, 1099511627776)
#   list    tuple    -> (3.0, 2.0, 1.5)
#   with a NaN: [3.0, None] {'dtype': 'f8', 'bdata': 'AAAAAAAACEAAAAAAAAD4fw=='}
