# base: reference
# wrong: risk_gradient, plot_losses
# is: gradient_downwards
# may say: have the wrong sign

_g, _p = risk_gradient, plot_losses


def risk_gradient(name, w, b, X, y):
    gw, gb = _g(name, w, b, X, y)
    return -gw, -gb


def plot_losses(ts):
    fig = _p(ts)
    fig.axes[0].set_xlabel('')
    return fig
