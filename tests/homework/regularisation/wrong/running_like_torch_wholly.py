# not in the catalogue: torch's weight and n - 1
# base: reference
# wrong: running_statistics


def running_statistics(batches, momentum):
    m, v = np.zeros(batches.shape[2]), np.ones(batches.shape[2])
    for x in batches:
        m = (1 - momentum) * m + momentum * x.mean(0)
        v = (1 - momentum) * v + momentum * x.var(0, ddof=1)
    return m, v
