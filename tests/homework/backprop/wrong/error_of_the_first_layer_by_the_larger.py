# base: reference
# fails: gradient_error
# not in the catalogue


def gradient_error(params, X, y, name, lam, eps):
    worst = 0.0
    layers = list(zip(params, backprop(params, X, y, name, lam)))[:1]
    for (W, b), (dW, db) in layers:
        for theta, g in ((W, dW), (b, db)):
            for ix in np.ndindex(theta.shape):
                kept = theta[ix]
                theta[ix] = kept + eps
                up = loss(params, X, y, name, lam)
                theta[ix] = kept - eps
                n = (up - loss(params, X, y, name, lam)) / (2 * eps)
                theta[ix] = kept
                worst = max(worst, abs(g[ix] - n) / max(abs(g[ix]), abs(n), 1e-8))
    return worst
