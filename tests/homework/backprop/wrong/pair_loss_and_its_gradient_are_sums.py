# base: helper_module
# wrong: loss, backprop
# is: loss_is_a_sum, backprop_of_the_sum

def loss(params, X, y, name, lam):
    P = forward(params, X, name)
    return -np.log(P[np.arange(len(y)), y]).sum() + lam * sum((W**2).sum() for W, b in params)


_mean_backprop = backprop


def backprop(params, X, y, name, lam):
    n = len(y)
    return [(dW * n, db * n) for dW, db in _mean_backprop(params, X, y, name, lam / n)]
