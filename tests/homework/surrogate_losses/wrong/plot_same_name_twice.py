# not in the catalogue: two curves have one name
# base: reference
# wrong: plot_losses

_right_plot = plot_losses


def plot_losses(ts):
    fig = _right_plot(ts)
    fig.axes[0].lines[2].set_label("loss")
    fig.axes[0].lines[3].set_label("loss")
    fig.axes[0].legend()
    return fig
