# not in the catalogue: where each score is 0
# base: reference
# wrong: plot_regions

def plot_regions(W, X, y):
    fig, ax = plt.subplots()
    for c in range(3):
        ax.scatter(*X[y == c, :2].T)
    ax.set(xlabel='a', ylabel='b', xlim=ax.get_xlim(), ylim=ax.get_ylim())
    x = np.array([-4.0, 4.0])
    for c in range(3):
        ax.plot(x, -(W[0, c] * x + W[2, c]) / W[1, c], 'k')
    return fig
