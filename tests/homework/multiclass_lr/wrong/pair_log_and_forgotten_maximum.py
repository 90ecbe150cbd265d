# base: vectorised
# fails: softmax_example, softmax_rows_are_distributions, softmax_of_huge_scores
# fails: log_likelihood_example, log_likelihood_of_huge_scores, objective_example
# fails: fit_starts_at_zeros, fit_takes_one_step, fit_history_falls, softmax, softmax_of_far_rows
# fails: log_likelihood, log_likelihood_of_far_scores, objective, fit_follows_gradient_descent
# fails: fit_records_every_objective, fit_learns_digits
# may say: Your softmax returns logarithms of probabilities.
# may say: Your log_likelihood does not add back the largest score that it took off.


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.log(E / E.sum(axis=1, keepdims=True))


def log_likelihood(W, b, X, y):
    S = X @ W + b
    m = S.max(axis=1)
    lse = np.log(np.exp(S - m[:, None]).sum(axis=1))
    return float(np.sum(S[np.arange(len(y)), y] - lse))
