# base: reference
# fails: plot_names_its_curves


def plot_spread(spreads):
    fig, ax = plt.subplots()
    for n, v in zip(sorted(spreads, reverse=True), spreads.values()):
        ax.plot(v, label=n)
    ax.set(xlabel='layer', ylabel='sd')
    ax.legend()
    return fig
