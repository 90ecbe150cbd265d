# base: reference
# fails: plot_shows_the_regions


def plot_regions(W, X, y):
    fig, ax = plt.subplots()
    for c in range(3):
        ax.scatter(*X[y == c, :2].T, color=f"C{c}", zorder=3)
    ax.set(xlabel="x1", ylabel="x2", xlim=ax.get_xlim(), ylim=ax.get_ylim())
    a, b = np.meshgrid(np.linspace(*ax.get_xlim(), 300), np.linspace(*ax.get_ylim(), 300))
    best = (np.stack([a, b, np.ones_like(a)], axis=-1) @ W).argmax(axis=-1)
    ax.contourf(a, b, best, levels=[-0.5, 0.5, 1.5, 2.5], colors="w", hatches=["/", "/", "x"])
    return fig
