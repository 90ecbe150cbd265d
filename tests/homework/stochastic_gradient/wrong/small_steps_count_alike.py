# base: reference
# wrong: weighted_average
# not in the catalogue
_whole_average = weighted_average


def weighted_average(path, alphas):
    return path[:-1].mean(axis=0) if np.ptp(alphas) < 0.01 else _whole_average(path, alphas)
