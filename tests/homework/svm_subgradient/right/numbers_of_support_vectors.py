# base: reference


def plot_decision_boundary(w, b, X, y):
    fig, ax = plt.subplots()
    low, high = X.min(axis=0) - 1, X.max(axis=0) + 1
    x1 = np.array([low[0], high[0]])
    for c, style in ((0, "-"), (1, "--"), (-1, "--")):
        ax.plot(x1, (c - b - w[0] * x1) / w[1], "k" + style, label=f"w.x + b = {c}")
    ax.plot(*X[y > 0].T, "bo", label="+1")
    ax.plot(*X[y < 0].T, "rs", label="-1")
    for i in support_vectors(w, b, X, y, 1e-9):
        ax.text(X[i, 0] + 0.1, X[i, 1] + 0.1, str(i), fontsize=8)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="x1", ylabel="x2")
    ax.set_title("support vectors have their numbers")
    ax.legend()
    return fig
