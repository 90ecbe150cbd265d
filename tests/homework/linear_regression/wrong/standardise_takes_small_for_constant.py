# base: vectorised
# wrong: standardise
# not in the catalogue


def standardise(X):
    mean, std = X.mean(axis=0), X.std(axis=0)
    std = np.where(std < 1e-2, 1.0, std)
    return (X - mean) / std, mean, std
