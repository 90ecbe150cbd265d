# base: reference
# wrong: weighted_average
# not in the catalogue


def weighted_average(path, alphas):
    k = len(alphas) // 2
    return alphas[k:] @ path[:-1][k:] / alphas[k:].sum()
