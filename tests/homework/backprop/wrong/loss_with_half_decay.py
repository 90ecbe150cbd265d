# base: generators
# wrong: loss
# is: loss_with_half_decay

def loss(params, X, y, name, lam):
    P = forward(params, X, name)
    data = -np.mean(np.log(P[np.arange(len(y)), y]))
    return data + 0.5 * lam * sum(np.sum(W**2) for W, b in params)
