# not in the catalogue: the legend is in another order
# base: reference
# wrong: plot_losses

def plot_losses(ts):
    fig, ax = plt.subplots()
    for n in ("zero_one", *SURROGATES):
        ax.plot(ts, loss(n, ts))
    ax.legend(("zero_one", "hinge", "exponential", "modified_huber", "logistic", "sigmoid"))
    ax.set(xlabel="t", ylabel="loss", ylim=(0, 3))
    return fig
