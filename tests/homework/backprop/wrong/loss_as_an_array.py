# base: joined_bias
# fails: loss
# is: 
# not in the catalogue

_right_loss = loss


def loss(params, X, y, name, lam):
    return np.array([_right_loss(params, X, y, name, lam)])
