# base: reference
# fails: plot_marks_the_support_vectors


def plot_decision_boundary(w, b, X, y):
    """Marks what lies between the two margins, whatever its class."""
    fig, ax = plt.subplots()
    ax.scatter(*X[y > 0].T, color="b", label="y = +1")
    ax.scatter(*X[y < 0].T, color="r", label="y = -1")
    between = np.abs(X @ w + b) <= 1 + 1e-6
    ax.scatter(*X[between].T, s=120, facecolors="none", edgecolors="k", label="support vectors")
    x1, x2 = np.meshgrid(np.linspace(*ax.get_xlim(), 200), np.linspace(*ax.get_ylim(), 200))
    ax.contour(x1, x2, w[0] * x1 + w[1] * x2 + b, colors="k", levels=[-1, 0, 1])
    ax.set(xlabel="x1", ylabel="x2")
    ax.legend()
    return fig
