# base: reference
# fails: plot_shows_every_name, plot_names_its_curves


def plot_spread(spreads):
    fig, ax = plt.subplots()
    n = list(spreads)[0]
    ax.plot(spreads[n], label=n)
    ax.set(xlabel='layer', ylabel='sd')
    ax.legend()
    return fig
