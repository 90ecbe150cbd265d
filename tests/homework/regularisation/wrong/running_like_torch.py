# base: reference
# wrong: running_statistics
# is: running_as_in_torch


def running_statistics(batches, momentum):
    m, v = np.zeros(batches.shape[2]), np.ones(batches.shape[2])
    for x in batches:
        m = (1 - momentum) * m + momentum * x.mean(0)
        v = (1 - momentum) * v + momentum * x.var(0)
    return m, v
