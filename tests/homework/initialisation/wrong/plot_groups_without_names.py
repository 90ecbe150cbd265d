# base: reference
# fails: plot_names_its_curves


def plot_spread(spreads):
    fig, ax = plt.subplots()
    start, middles = 0, []
    for values in spreads.values():
        places = start + np.arange(len(values))
        ax.bar(places, values, color=[f"C{k}" for k in range(len(values))])
        middles.append(places.mean())
        start += len(values) + 2
    ax.set_xticks(middles, ["first", "second", "third"])
    ax.set(xlabel="layers of each initialisation", ylabel="spread")
    return fig
