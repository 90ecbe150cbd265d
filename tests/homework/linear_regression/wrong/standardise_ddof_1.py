# base: vectorised
# wrong: standardise
# is: standardise_over_n_less_one


def standardise(X):
    mean, std = X.mean(axis=0), X.std(axis=0, ddof=1)
    std = np.where(std > 0, std, 1.0)
    return (X - mean) / std, mean, std
