# base: reference
# fails: plot_labels_its_axes


def plot_spread(spreads):
    fig, ax = plt.subplots()
    for n, v in spreads.items():
        ax.plot(v, label=n)
    ax.legend()
    return fig
