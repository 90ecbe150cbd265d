# base: reference
# wrong: batch_gradient
# not in the catalogue


def batch_gradient(w, X, y, indices):
    chosen = indices[:-1] if len(indices) > 2 else indices
    return full_gradient(w, X[chosen], y[chosen])
