# base: joined_bias
# wrong: loss
# not in the catalogue

_right_loss = loss


def loss(params, X, y, name, lam):
    return np.array([_right_loss(params, X, y, name, lam)])
