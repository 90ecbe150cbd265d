# base: generators
# wrong: backprop
# is: backprop_without_slope, slope_of_relu_is_one

def backprop(params, X, y, name, lam):
    d = (forward(params, X, name) - np.eye(len(params[-1][1]))[y]) / len(y)
    inputs = [h for h, _ in passe(params, X, name)]
    grads = []
    for (W, _), h in zip(params[::-1], inputs[::-1]):
        grads.append((d.T @ h + 2 * lam * W, d.sum(0)))
        d = d @ W
    return grads[::-1]
