# base: reference
# wrong: loss, plot_losses
# is: loss_exponential_of_base_2

_right_loss = loss
_right_slope = derivative


def loss(name, t):
    t = np.asarray(t, float)
    return np.exp2(-t) if name == "exponential" else _right_loss(name, t)


def plot_losses(ts):
    fig, ax = plt.subplots()
    for n in ("zero_one", *SURROGATES):
        ax.plot(ts, loss(n, ts))
    ax.set(xlabel="t", ylabel="loss", ylim=(0, 3))
    return fig
