# base: reference
# wrong: quadratic
# is: quadratic_without_the_half


def quadratic(x, A, b):
    return x @ A @ x - b @ x


def plot_comparison(A, b, gd_path, adagrad_path):
    minimiser = np.linalg.solve(A, b)
    points = np.vstack([gd_path, adagrad_path, minimiser])
    low, high = points.min(axis=0) - 0.5, points.max(axis=0) + 0.5
    xs, ys = np.linspace(low[0], high[0], 60), np.linspace(low[1], high[1], 60)
    values = [[quadratic(np.array([x, y]), A, b) for x in xs] for y in ys]
    fig, (plane, curves) = plt.subplots(1, 2)
    plane.contour(xs, ys, values, 25)
    for name, path in (("GD", gd_path), ("AdaGrad", adagrad_path)):
        plane.plot(path[:, 0], path[:, 1], ".-", label=name)
        gaps = [quadratic(x, A, b) - quadratic(minimiser, A, b) for x in path]
        curves.semilogy(gaps, label=name)
    plane.plot(*gd_path[0], "k^", label="start")
    plane.plot(*minimiser, "k*", label="minimum")
    plane.set(xlabel="x1", ylabel="x2")
    curves.set(xlabel="k", ylabel="f - min f")
    plane.legend()
    curves.legend()
    return fig
