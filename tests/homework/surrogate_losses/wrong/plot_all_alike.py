# not in the catalogue: six curves of one look
# base: reference
# wrong: plot_losses

def plot_losses(ts):
    fig, ax = plt.subplots()
    for n in ("zero_one", *SURROGATES):
        ax.plot(ts, loss(n, ts), color="b", label=n)
    ax.set(xlabel="t", ylabel="loss", ylim=(0, 3))
    ax.legend()
    return fig
