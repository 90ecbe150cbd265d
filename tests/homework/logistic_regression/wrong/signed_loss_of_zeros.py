# base: vectorised
# wrong: signed_loss
# is: signed_loss_of_zeros_and_ones


def signed_loss(beta0, beta, X, s):
    f = beta0 + X @ beta
    return log2_loss((s + 1) / 2 * f).mean()
