# base: reference


def plot_decision_boundary(w, b, X, y):
    fig, ax = plt.subplots()
    ax.scatter(*X[y > 0].T, color="tab:blue", label="y = +1", zorder=3)
    ax.scatter(*X[y < 0].T, color="tab:red", label="y = -1", zorder=3)
    near = support_vectors(w, b, X, y, 1e-9)
    ax.scatter(*X[near].T, s=120, facecolors="none", edgecolors="k", zorder=4, label="support vectors")
    ax.set(xlabel="x1", ylabel="x2", xlim=ax.get_xlim(), ylim=ax.get_ylim())
    ax.legend()
    x = np.linspace(*ax.get_xlim(), 200)
    below, above = sorted(ax.get_ylim(), reverse=bool(w[1] < 0))
    ax.plot(x, -(b + w[0] * x) / w[1], "k")
    ax.fill_between(x, (1 - b - w[0] * x) / w[1], above, color="tab:blue", alpha=0.2)
    ax.fill_between(x, (-1 - b - w[0] * x) / w[1], below, color="tab:red", alpha=0.2)
    return fig
