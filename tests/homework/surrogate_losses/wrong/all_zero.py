# not in the catalogue: nothing costs anything
# base: reference
# wrong: loss, midpoint_gap, nonconvex_losses, upper_bounds, empirical_risk, plot_losses
# may say: ...

def loss(name, t):
    if name not in (*SURROGATES, "zero_one"):
        raise ValueError
    return 0 * np.asarray(t)
