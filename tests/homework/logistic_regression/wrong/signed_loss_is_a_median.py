# base: vectorised
# wrong: signed_loss
# not in the catalogue


def signed_loss(beta0, beta, X, s):
    f = beta0 + X @ beta
    return np.median(log2_loss(s * f))
