# base: vectorised
# wrong: cross_entropy, log2_loss
# is: cross_entropy_in_bits, log2_loss_overflows


def cross_entropy(beta0, beta, X, y):
    z = beta0 + X @ beta
    p = 1 / (1 + np.exp(-z))
    return np.mean(np.logaddexp(0, z) - y * z) / np.log(2)


def log2_loss(t):
    return np.log2(1 + np.exp(-t))
