# base: generators
# wrong: gradient_error
# not in the catalogue

def gradient_error(params, X, y, name, lam, eps):
    errors = []
    for k, (gW, gb) in enumerate(backprop(params, X, y, name, lam)):
        for which, g in enumerate((gW, gb)):
            for place in np.ndindex(g.shape):
                values = []
                for sign in (1, -1):
                    copy = [[W.copy(), b.copy()] for W, b in params]
                    copy[k][which][place] += sign * eps
                    values.append(loss(copy, X, y, name, lam))
                n = (values[0] - values[1]) / (2 * eps)
                errors.append(abs(g[place] - n) / (abs(g[place]) + abs(n)))
    return np.max(errors)
