# base: reference
# fails: plot_shows_the_boundary


def plot_decision_boundary(w, b, X, y):
    fig, ax = plt.subplots()
    ax.scatter(*X[y > 0].T, color="tab:blue", label="y = +1", zorder=3)
    ax.scatter(*X[y < 0].T, color="tab:red", label="y = -1", zorder=3)
    near = support_vectors(w, b, X, y, 1e-9)
    ax.scatter(*X[near].T, s=120, facecolors="none", edgecolors="k", zorder=4, label="support vectors")
    ax.set(xlabel="x1", ylabel="x2", xlim=ax.get_xlim(), ylim=ax.get_ylim())
    ax.legend()
    x = np.linspace(*ax.get_xlim(), 200)
    x1, x2 = np.meshgrid(x, np.linspace(*ax.get_ylim(), 200))
    scores = w[0] * x1 + w[1] * x2 + b
    for c in (-1, 1):
        ax.plot(x, (c - b - w[0] * x) / w[1], "k--")
    ax.contourf(x1, x2, scores, levels=[-1e9, 0, 1e9], colors="w", hatches=["/", "/"])
    return fig
