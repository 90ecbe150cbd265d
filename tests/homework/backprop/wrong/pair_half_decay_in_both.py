# base: joined_bias
# wrong: loss, backprop
# is: loss_with_half_decay, backprop_with_half_decay

_whole_loss, _whole_backprop = loss, backprop


def loss(params, X, y, name, lam):
    return _whole_loss(params, X, y, name, lam / 2)


def backprop(params, X, y, name, lam):
    return _whole_backprop(params, X, y, name, lam / 2)
