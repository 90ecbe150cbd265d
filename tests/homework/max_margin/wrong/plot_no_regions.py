# not in the catalogue: points only
# base: reference
# wrong: plot_regions

def plot_regions(W, X, y):
    fig, ax = plt.subplots()
    for c in range(3):
        ax.scatter(*X[y == c, :2].T)
    ax.set(xlabel='a', ylabel='b')
    return fig
