# base: joined_bias
# wrong: gradient_error
# is: error_of_one_sided_differences

def gradient_error(params, X, y, name, lam, eps):
    worst, base = 0.0, loss(params, X, y, name, lam)
    for (W, b), (dW, db) in zip(params, backprop(params, X, y, name, lam)):
        for theta, g in ((W, dW), (b, db)):
            for ix in np.ndindex(theta.shape):
                theta[ix] += eps
                n = (loss(params, X, y, name, lam) - base) / eps
                theta[ix] -= eps
                worst = max(worst, abs(g[ix] - n) / max(abs(g[ix]) + abs(n), 1e-8))
    return worst
