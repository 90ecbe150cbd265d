# base: vectorised
# fails: objective_example, fit_takes_one_step, fit_history_falls, objective


def objective(W, b, X, y):
    return float(np.mean(cross_entropy(np.eye(len(b))[y], softmax(X @ W + b)))) + 0.5 * np.sum(W ** 2)
