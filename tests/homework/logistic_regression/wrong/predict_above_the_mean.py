# base: vectorised
# wrong: predict
# not in the catalogue


def predict(beta0, beta, X):
    z = beta0 + X @ beta
    return (z > z.mean()).astype(int)
