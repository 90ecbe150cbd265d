# base: helper_module
# wrong: loss
# is: loss_is_a_sum

def loss(params, X, y, name, lam):
    P = forward(params, X, name)
    return -np.log(P[np.arange(len(y)), y]).sum() + lam * sum((W**2).sum() for W, b in params)
