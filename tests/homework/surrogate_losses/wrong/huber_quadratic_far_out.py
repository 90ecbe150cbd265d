# not in the catalogue: another branch far on the wrong side
# base: reference
# fails: loss[modified_huber]

_loss = loss


def loss(name, t):
    values = _loss(name, t)
    if name == "modified_huber":
        return np.where(t < -8, t**2 + 1, values)
    return values
