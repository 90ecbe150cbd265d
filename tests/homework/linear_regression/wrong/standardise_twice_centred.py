# base: vectorised
# wrong: standardise
# not in the catalogue


def standardise(X):
    mean, std = X.mean(axis=0), X.std(axis=0)
    std = np.where(std > 0, std, 1.0)
    return (X - 2 * mean) / std, mean, std
