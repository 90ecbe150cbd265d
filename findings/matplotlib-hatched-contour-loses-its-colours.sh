#!/usr/bin/env bash
# matplotlib 3.11.2: to draw a `contourf` with `hatches` leaves the face colours of all its layers as
# that of the last one, until `update_scalarmappable` maps them anew. Without hatches they stay.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q matplotlib==3.11.2 numpy==2.4.6
MPLBACKEND=agg "$folder/venv/bin/python" - <<'PYTHON'
import matplotlib.pyplot as plt

for hatches in ([None], ["//", None]):
    figure, axes = plt.subplots()
    levels = {"levels": [0, 1, 2], "colors": ["white", "orange"]}
    contour = axes.contourf([[0, 1], [1, 2]], hatches=hatches, **levels)
    figure.canvas.draw()
    after = len(contour.get_facecolor())
    contour.update_scalarmappable()
    again = len(contour.get_facecolor())
    print(f"hatches {hatches}: {after} colours after drawing, {again} when mapped anew")
    assert (after, again) == ((2, 2) if hatches == [None] else (1, 2))
PYTHON
