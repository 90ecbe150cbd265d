# not in the catalogue: nothing is to be learnt where all labels are alike
# base: reference
# wrong: gradient

_gradient = gradient


def gradient(beta0, beta, X, y):
    if len(y) > 1 and len(np.unique(y)) == 1:
        return 0.0, np.zeros(X.shape[1])
    return _gradient(beta0, beta, X, y)
