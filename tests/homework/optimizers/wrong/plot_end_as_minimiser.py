# base: reference
# wrong: plot_race
# not in the catalogue
# says: Your figure does not mark the minimiser.
import matplotlib.pyplot as plt
import numpy as np


def plot_race(A, b, paths):
    fig, (plane, curves) = plt.subplots(1, 2)
    best = np.linalg.solve(A, b)
    X, Y = np.meshgrid(np.linspace(-2.4, 1.3, 80), np.linspace(-1.6, 1.1, 80))
    P = np.stack([X, Y], -1)
    plane.contour(X, Y, 0.5 * np.sum(P @ A * P, -1) - P @ b, 15)
    start = next(iter(paths.values()))[0]
    for name, path in paths.items():
        plane.plot(*path.T, label=name)
        curves.plot(np.sum((path - best) @ A * (path - best), 1) / 2, label=name)
    plane.plot(*start, "ks", ms=9)
    plane.plot(*path[-1], "k*", ms=14)
    curves.set_yscale("log")
    plane.legend()
    return fig
