#!/usr/bin/env bash
# seaborn 0.13.2 (matplotlib 3.11.2, pandas 3.1.1): with `ax.set_yscale("log")` before it, `lineplot`
# draws the geometric mean of repeated values, and after it the arithmetic one; the axis looks the
# same. `pointplot` and `barplot` do so too, `regplot` does not. And an axis that seaborn.objects
# made logarithmic is called "function" by matplotlib, not "log".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q seaborn==0.13.2 matplotlib==3.11.2 pandas==3.1.1 numpy==2.4.6
MPLBACKEND=agg "$folder/venv/bin/python" -W ignore - <<'PYTHON'
import matplotlib.pyplot as plt
import seaborn as sns
import seaborn.objects as so

runs = {"epoch": [1, 1, 2, 2], "loss": [1.0, 100.0, 4.0, 16.0]}


def drawn(plot, *, before):
    """The heights of the first line, or of the bars, and the scale of the axis."""
    axes = plt.figure().gca()
    if before:
        axes.set_yscale("log")
    plot(data=runs, x="epoch", y="loss", errorbar=None, ax=axes)
    axes.set_yscale("log")
    heights = axes.lines[0].get_ydata() if axes.lines else [bar.get_height() for bar in axes.patches]
    return [round(float(height), 6) for height in heights], axes.get_yscale()


for plot in (sns.lineplot, sns.pointplot, sns.barplot):
    after, before = drawn(plot, before=False), drawn(plot, before=True)
    print(f"{plot.__name__:10} log scale set after: {after[0]}, before: {before[0]}")
    assert after == ([50.5, 10.0], "log"), after
    assert before == ([10.0, 8.0], "log"), before

axes = plt.figure().gca()
so.Plot(runs, x="epoch", y="loss").add(so.Line(), so.Agg()).scale(y="log").on(axes).plot()
print("seaborn.objects:", axes.lines[0].get_ydata().round(6).tolist(), axes.get_yscale())
assert axes.get_yscale() == "function"
PYTHON
# Seen:
#   lineplot   log scale set after: [50.5, 10.0], before: [10.0, 8.0]
#   pointplot  log scale set after: [50.5, 10.0], before: [10.0, 8.0]
#   barplot    log scale set after: [50.5, 10.0], before: [10.0, 8.0]
#   seaborn.objects: [10.0, 8.0] function
