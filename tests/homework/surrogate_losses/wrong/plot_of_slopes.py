# not in the catalogue: draws the derivatives
# base: reference
# wrong: plot_losses

def plot_losses(ts):
    fig, ax = plt.subplots()
    ax.plot(ts, loss("zero_one", ts), label="zero_one")
    for n in SURROGATES:
        ax.plot(ts, derivative(n, ts), label=n)
    ax.set(xlabel="t", ylabel="loss")
    ax.legend()
    return fig
