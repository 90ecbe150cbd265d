# base: vectorised
# wrong: loss


def loss(w, b, X, y, lam, penalty):
    raise NotImplementedError
