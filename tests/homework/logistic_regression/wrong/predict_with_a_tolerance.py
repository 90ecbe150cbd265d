# not in the catalogue: p has to be clearly above 1/2
# base: reference
# wrong: predict

def predict(beta0, beta, X):
    return (beta0 + X @ beta > 1e-3).astype(int)
