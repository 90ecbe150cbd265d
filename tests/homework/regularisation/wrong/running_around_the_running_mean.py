# not in the catalogue: variance around the running mean
# base: reference
# wrong: running_statistics


def running_statistics(batches, momentum):
    m, v = np.zeros(batches.shape[2]), np.ones(batches.shape[2])
    for x in batches:
        m = momentum * m + (1 - momentum) * x.mean(0)
        v = momentum * v + (1 - momentum) * ((x - m) ** 2).mean(0)
    return m, v
