# base: helper_module
# wrong: gradient_error
# not in the catalogue

def gradient_error(params, X, y, name, lam, eps):
    worst = 0.0
    for (W, b), (dW, db) in zip(params, backprop(params, X, y, name, lam)):
        for theta, g in ((W, dW), (b, db)):
            ix = (0,) * theta.ndim
            kept = theta[ix]
            theta[ix] = kept + eps
            up = loss(params, X, y, name, lam)
            theta[ix] = kept - eps
            n = (up - loss(params, X, y, name, lam)) / (2 * eps)
            theta[ix] = kept
            worst = max(worst, abs(g[ix] - n) / max(abs(g[ix]) + abs(n), 1e-8))
    return worst
