# base: vectorised
# wrong: signed_loss
# is: signed_loss_is_a_sum


def signed_loss(beta0, beta, X, s):
    f = beta0 + X @ beta
    return log2_loss(s * f).sum()
