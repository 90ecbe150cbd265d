# base: reference
# wrong: gradient_error
# is: error_with_the_wrong_sign
# not in the catalogue
def gradient_error(params, X, y, name, lam, eps):
    worst = 0.0
    for k, layer in enumerate(backprop(params, X, y, name, lam)):
        for part in (0, 1):
            for place in np.ndindex(layer[part].shape):
                values = []
                for step, weight in ((eps, 0.0), (-eps, lam)):
                    moved = [[W.copy(), b.copy()] for W, b in params]
                    moved[k][part][place] += step
                    values.append(loss(moved, X, y, name, weight))
                a, n = layer[part][place], (values[0] - values[1]) / (2 * eps)
                worst = max(worst, abs(a - n) / max(abs(a) + abs(n), 1e-8))
    return worst
