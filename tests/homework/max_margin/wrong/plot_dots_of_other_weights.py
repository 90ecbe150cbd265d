# base: reference
# fails: plot_shows_the_regions


def plot_regions(W, X, y):
    a, b = np.meshgrid(
        np.linspace(X[:, 0].min() - 0.5, X[:, 0].max() + 0.5, 60),
        np.linspace(X[:, 1].min() - 0.5, X[:, 1].max() + 0.5, 60),
    )
    best = (np.stack([a, b, np.ones_like(a)], axis=-1) @ W**2).argmax(axis=-1)
    plt.figure()
    for c in range(3):
        plt.plot(a[best == c], b[best == c], ".", markersize=2, color=f"C{c}", alpha=0.3)
        plt.plot(X[y == c, 0], X[y == c, 1], "o", color=f"C{c}", markeredgecolor="k")
    plt.xlabel("x1")
    plt.ylabel("x2")
