# base: reference
# fails: gradient_error
# not in the catalogue


def gradient_error(params, X, y, name, lam, eps):
    worst = 0.0
    for (W, _), (dW, _) in zip(params, backprop(params, X, y, name, lam)):
        for ix in np.ndindex(W.shape):
            kept = W[ix]
            W[ix] = kept + eps
            up = loss(params, X, y, name, lam)
            W[ix] = kept - eps
            n = (up - loss(params, X, y, name, lam)) / (2 * eps)
            W[ix] = kept
            worst = max(worst, abs(dW[ix] - n) / max(abs(dW[ix]), abs(n), 1e-8))
    return worst
