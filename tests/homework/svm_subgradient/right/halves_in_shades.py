# base: reference


def plot_decision_boundary(w, b, X, y):
    fig, ax = plt.subplots()
    x1, x2 = np.meshgrid(
        np.linspace(X[:, 0].min() - 1, X[:, 0].max() + 1, 200),
        np.linspace(X[:, 1].min() - 1, X[:, 1].max() + 1, 200),
    )
    scores = w[0] * x1 + w[1] * x2 + b
    far = np.abs(scores).max()
    ax.contourf(x1, x2, scores, levels=np.linspace(-far, far, 13), cmap="coolwarm", alpha=0.7)
    ax.contour(x1, x2, scores, levels=[-1, 0, 1], colors="k", linestyles=["--", "-", "--"])
    ax.scatter(*X[y > 0].T, label="y = +1")
    ax.scatter(*X[y < 0].T, label="y = -1")
    near = support_vectors(w, b, X, y, 1e-9)
    ax.scatter(*X[near].T, s=120, facecolors="none", edgecolors="k", label="support vectors")
    ax.set(xlabel="x1", ylabel="x2")
    ax.legend()
    return fig
