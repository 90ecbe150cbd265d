# base: vectorised
# wrong: log_odds, predict


def log_odds(p):
    print(p)


def predict(beta0, beta, X):
    print(X)
