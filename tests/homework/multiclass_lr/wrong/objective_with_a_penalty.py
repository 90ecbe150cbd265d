# fails: test_objective_example, test_fit_takes_one_step, test_fit_history_falls, test_objective
# added to: vectorised


def objective(W, b, X, y):
    return float(np.mean(cross_entropy(np.eye(len(b))[y], softmax(X @ W + b)))) + 0.5 * np.sum(W ** 2)
