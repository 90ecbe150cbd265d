# base: reference
# wrong: running_statistics
# is: running_unbiased


def running_statistics(batches, momentum):
    m, v = np.zeros(batches.shape[2]), np.ones(batches.shape[2])
    for x in batches:
        m = momentum * m + (1 - momentum) * x.mean(0)
        v = momentum * v + (1 - momentum) * x.var(0, ddof=1)
    return m, v
