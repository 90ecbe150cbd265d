# base: generators
# wrong: product_circuit, loss
# is: product_of_three, loss_in_bits

def product_circuit(x, y, z):
    return (x + y) * z, (y * z, x * z, x + y)


def loss(params, X, y, name, lam):
    P = forward(params, X, name)
    data = -np.mean(np.log2(P[np.arange(len(y)), y]))
    return data + lam * sum(np.sum(W**2) for W, b in params)
