# base: vectorised
# wrong: predict
# is: predict_probabilities


def predict(beta0, beta, X):
    z = beta0 + X @ beta
    return sigmoid(z)
