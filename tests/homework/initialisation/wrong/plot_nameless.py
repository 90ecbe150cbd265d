# base: reference
# fails: plot_names_its_curves


def plot_spread(spreads):
    fig, ax = plt.subplots()
    for v in spreads.values():
        ax.plot(v)
    ax.set(xlabel='layer', ylabel='sd')
    return fig
