# base: reference


def plot_decision_boundary(w, b, X, y):
    fig, ax = plt.subplots()
    near = y * (X @ w + b) <= 1
    for label, marker, colour in ((1, "+", "b"), (-1, "_", "r")):
        mine, name = y == label, f"y = {label}"
        ax.scatter(*X[mine & ~near].T, marker=marker, color=colour, s=60, label=name)
        thick = ax.scatter(*X[mine & near].T, marker=marker, color=colour, s=60, lw=4)
        thick.set_label(name + ", support vector")
    x1 = np.linspace(X[:, 0].min() - 1, X[:, 0].max() + 1, 200)
    lines = [(c - b - w[0] * x1) / w[1] for c in (-1, 0, 1)]
    ax.plot(x1, lines[1], "k", label="boundary")
    ax.fill_between(x1, lines[0], lines[2], color="0.8", label="margin", zorder=0)
    ax.set_xlim(x1[0], x1[-1])
    ax.set_ylim(X[:, 1].min() - 1, X[:, 1].max() + 1)
    ax.set_xlabel("x1")
    ax.set_ylabel("x2")
    ax.legend(bbox_to_anchor=(1.02, 1))
    return fig
