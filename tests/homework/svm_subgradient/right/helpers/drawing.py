import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle


def draw(w, b, X, y, on):
    fig, ax = plt.subplots()
    ax.scatter(*X.T, c=np.where(y > 0, "tab:green", "tab:purple"), label="examples")
    ax.set_aspect("equal")
    for i in on:
        ax.add_patch(Circle(X[i], 0.15, fill=False, color="black"))
    along = np.array([-w[1], w[0]]) / np.linalg.norm(w)
    ends = []
    for c in (-1, 0, 1):
        foot = (c - b) * w / (w @ w)
        ends.append([foot - 20 * along, foot + 20 * along])
    ax.set(xlim=(X[:, 0].min() - 0.5, X[:, 0].max() + 0.5), ylim=(X[:, 1].min() - 0.5, X[:, 1].max() + 0.5))
    ax.add_collection(LineCollection(ends, colors=["0.5", "k", "0.5"], linestyles=["--", "-", "--"]))
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    ax.legend()
    return fig
