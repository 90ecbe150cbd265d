from functools import partial, reduce

import matplotlib.pyplot as plt
import numpy as np

quadratic = lambda x, A, b: (x @ A / 2 - b) @ x
quadratic_gradient = lambda x, A, b: x @ A - b
gradient_descent = lambda A, b, x0, step_size, steps: np.array(
    reduce(
        lambda xs, _: [*xs, xs[-1] - step_size * quadratic_gradient(xs[-1], A, b)],
        range(steps),
        [x0],
    )
)


class AdaGrad:
    """A callable object."""

    def __call__(self, A, b, x0, step_size, steps, eps):
        xs, vs = [x0], [np.zeros_like(x0)]
        while len(xs) <= steps:
            g = quadratic_gradient(xs[-1], A, b)
            vs.append(vs[-1] + g**2)
            xs.append(xs[-1] - step_size * g / np.sqrt(vs[-1] + eps))
        return xs


adagrad = AdaGrad()
gaps = lambda path, A, b: [
    quadratic(x, A, b) - quadratic(np.linalg.solve(A, b), A, b) for x in path
]
steps_to_reach = lambda path, A, b, gap: ([g <= gap for g in gaps(path, A, b)] + [True]).index(
    True
) if any(g <= gap for g in gaps(path, A, b)) else -1


def _plot(A, b, gd_path, adagrad_path, *, size):
    fig, (one, two) = plt.subplots(1, 2, figsize=size)
    grid = np.linspace(-2.4, 2.4, 60)
    one.contour(
        grid, grid, [[quadratic(np.array([s, t]), A, b) for s in grid] for t in grid], levels=18
    )
    lines = [
        one.scatter(*gd_path.T, s=14, c="crimson"), one.scatter(*adagrad_path.T, s=14, c="navy")
    ]
    lines += [one.scatter(*gd_path[0], marker="s", s=70, c="k", zorder=3)]
    lines += [one.scatter(*np.linalg.solve(A, b), marker="*", s=120, c="g", zorder=3)]
    fig.legend(lines, ["steepest descent", "Ada-Grad", "start", "minimiser"], loc="lower center")
    two.plot(np.log10(gaps(gd_path, A, b)), c="crimson")
    two.plot(np.log10(gaps(adagrad_path, A, b)), c="navy")
    two.set_ylabel(r"$\log_{10}(f - f^*)$")
    return fig, (one, two)


plot_comparison = partial(_plot, size=(9, 5))
