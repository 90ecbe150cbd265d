# base: vectorised
# wrong: log_odds, predict
# is: log_odds_clips, predict_the_other_label


def log_odds(p):
    return (lambda q: np.log(q / (1 - q)))(np.clip(p, 1e-7, 1 - 1e-7))


def predict(beta0, beta, X):
    z = beta0 + X @ beta
    return (z < 0).astype(int)
