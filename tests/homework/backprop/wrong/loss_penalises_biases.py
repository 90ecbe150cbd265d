# base: joined_bias
# wrong: loss
# is: loss_with_decay_of_biases

_right_loss = loss


def loss(params, X, y, name, lam):
    return _right_loss(params, X, y, name, lam) + lam * sum(b @ b for W, b in params)
