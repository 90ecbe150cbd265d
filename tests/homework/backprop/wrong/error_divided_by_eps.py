# base: helper_module
# wrong: gradient_error
# is: error_without_two

def gradient_error(params, X, y, name, lam, eps):
    worst = 0.0
    for (W, b), (dW, db) in zip(params, backprop(params, X, y, name, lam)):
        for theta, g in ((W, dW), (b, db)):
            for ix in np.ndindex(theta.shape):
                kept = theta[ix]
                theta[ix] = kept + eps
                up = loss(params, X, y, name, lam)
                theta[ix] = kept - eps
                n = (up - loss(params, X, y, name, lam)) / eps
                theta[ix] = kept
                worst = max(worst, abs(g[ix] - n) / max(abs(g[ix]) + abs(n), 1e-8))
    return worst
