from pieces import *
from pieces import SIX
import matplotlib.pyplot as plt


def loss(name, t):
    if name not in SIX:
        raise ValueError(f"{name!r} is none of {sorted(SIX)}")
    return SIX[name][0](np.asarray(t, float))


def derivative(name, t):
    return SIX[name][1](np.asarray(t, float))


def empirical_risk(name, w, b, X, y):
    return sum(map(float, loss(name, margins(w, b, X, y)))) / len(X)


def risk_gradient(name, w, b, X, y):
    a = derivative(name, margins(w, b, X, y))
    return np.mean(a[:, None] * y[:, None] * X, axis=0), np.mean(a * y)


def midpoint_gap(name, u, v):
    return loss(name, 0.5 * u + 0.5 * v) - 0.5 * loss(name, u) - 0.5 * loss(name, v)


def five():
    return sorted(SIX.keys() - {"zero_one"})


def nonconvex_losses(grid):
    U, V = np.meshgrid(grid, grid)
    return [n for n in five() if (midpoint_gap(n, U, V) > 1e-6).any()]


def upper_bounds(grid):
    return [n for n in five() if (loss(n, grid) - loss("zero_one", grid) >= 0).all()]


def plot_losses(ts):
    fig, ax = plt.subplots(figsize=(9, 6))
    for k, name in enumerate(SIX):
        v = loss(name, ts)
        ax.plot(ts, v, color=f"C{k}", linewidth=2)
        ax.annotate(name, (ts[0], min(v[0], 3.9)), color=f"C{k}")
    ax.set(ylim=(-0.1, 4), xlabel="t", ylabel="loss of t")
    ax.grid(True)
    return fig


if __name__ == "__main__":
    plot_losses(np.linspace(-2, 2, 99))
    plt.show()
