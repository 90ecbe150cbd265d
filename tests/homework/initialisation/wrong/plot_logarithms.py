# not in the catalogue: logarithms
# base: reference
# fails: plot_shows_every_name, plot_names_its_curves


def plot_spread(spreads):
    fig, ax = plt.subplots()
    for n, v in spreads.items():
        ax.plot(np.log10(v), label=n)
    ax.set(xlabel='layer', ylabel='sd')
    ax.legend()
    return fig
