# base: reference
# fails: plot_shows_the_regions


def plot_regions(W, X, y):
    fig, ax = plt.subplots()
    low, high = X[:, :2].min(axis=0) - 1, X[:, :2].max(axis=0) + 1
    a, b = np.meshgrid(np.linspace(low[0], high[0], 80), np.linspace(low[1], high[1], 80))
    places = np.column_stack([a.ravel(), b.ravel(), np.ones(a.size)])
    best = (places @ W).argmax(axis=1)
    for c in range(3):
        ax.scatter(*places[best == c, :2].T, s=2, color=f"C{(c + 1) % 3}", alpha=0.3)
        ax.scatter(*X[y == c, :2].T, s=40, color=f"C{c}", edgecolors="k")
    ax.set(xlabel="x1", ylabel="x2")
    return fig
