# base: weight_decay_of_groups
# wrong: train
# not in the catalogue

_right = train


def train(model, X, y, lam, step_size, epochs, batch_size):
    rows = torch.randperm(len(y), generator=torch.Generator().manual_seed(1))
    return _right(model, X[rows], y[rows], lam, step_size, epochs, batch_size)
