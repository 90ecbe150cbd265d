# base: reference
# wrong: running_statistics
# not in the catalogue: the statistics are kept outside, and the next call starts from them

kept = {}


def running_statistics(batches, momentum):
    d = batches.shape[2]
    mean, var = kept.get(d, (np.zeros(d), np.ones(d)))
    for batch in batches:
        mean = momentum * mean + (1 - momentum) * batch.mean(axis=0)
        var = momentum * var + (1 - momentum) * batch.var(axis=0)
    kept[d] = mean, var
    return mean, var
