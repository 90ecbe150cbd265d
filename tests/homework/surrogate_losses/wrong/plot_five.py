# not in the catalogue: no zero-one loss
# base: reference
# wrong: plot_losses

def plot_losses(ts):
    fig, ax = plt.subplots()
    for n in SURROGATES:
        ax.plot(ts, loss(n, ts), label=n)
    ax.set(xlabel="t", ylabel="loss", ylim=(0, 3))
    ax.legend()
    return fig
