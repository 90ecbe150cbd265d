# base: reference
# fails: plot_shows_every_loss, plot_names_the_losses


NAMES = {
    "zero_one": r"$\mathbf{1}[t < 0]$",
    "hinge": r"$\max(0, 1 - t)$",
    "logistic": r"$\log_2(1 + e^{-t})$",
    "modified_huber": r"$(1 - t)^2$, $1 - 2t$ on the left",
    "exponential": r"$e^{-t}$",
    "sigmoid": r"$\frac{1}{1 + e^{t}}$",
}


def plot_losses(ts):
    fig, ax = plt.subplots()
    for name, label in NAMES.items():
        ax.plot(ts, loss(name, ts), label=label)
    ax.set(xlabel="t", ylabel="loss", ylim=(0, 1.2))
    ax.legend()
    return fig
