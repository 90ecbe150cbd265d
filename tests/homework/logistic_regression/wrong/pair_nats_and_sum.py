# base: vectorised
# wrong: log2_loss, signed_loss
# is: log2_loss_in_nats, signed_loss_is_a_sum
# may say: ...


def log2_loss(t):
    return np.logaddexp(0, -t)


def signed_loss(beta0, beta, X, s):
    f = beta0 + X @ beta
    return log2_loss(s * f).sum()
