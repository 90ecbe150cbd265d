# base: sequential
# wrong: train
# not in the catalogue

_right = train


def train(model, *rest):
    return model, _right(model, *rest)
