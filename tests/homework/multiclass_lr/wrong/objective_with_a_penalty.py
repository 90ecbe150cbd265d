# base: vectorised
# fails: objective_example, objective


def objective(W, b, X, y):
    return float(np.mean(cross_entropy(np.eye(len(b))[y], softmax(X @ W + b)))) + 0.5 * np.sum(W ** 2)
