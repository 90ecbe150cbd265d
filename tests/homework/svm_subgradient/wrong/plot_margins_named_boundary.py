# base: reference
# fails: plot_has_a_legend


def plot_decision_boundary(w, b, X, y):
    """The names of the lines stand in the order of the levels, not in that of the lines."""
    fig, ax = plt.subplots()
    ax.scatter(*X[y > 0].T, color="b", label="y = +1")
    ax.scatter(*X[y < 0].T, color="r", label="y = -1")
    on = support_vectors(w, b, X, y, 1e-6)
    ax.scatter(*X[on].T, s=120, facecolors="none", edgecolors="k", label="support vectors")
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim(), xlabel="x1", ylabel="x2")
    ends = np.array(ax.get_xlim())
    names = ["decision boundary", "margin", None]
    for level, style, name in zip((-1, 0, 1), ("--", "-", "--"), names):
        ax.plot(ends, (level - b - w[0] * ends) / w[1], "k" + style, label=name)
    ax.legend()
    return fig
