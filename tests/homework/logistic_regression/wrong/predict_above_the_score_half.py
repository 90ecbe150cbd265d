# base: vectorised
# wrong: predict
# is: predict_scores_above_half


def predict(beta0, beta, X):
    z = beta0 + X @ beta
    return (z > 0.5).astype(int)
