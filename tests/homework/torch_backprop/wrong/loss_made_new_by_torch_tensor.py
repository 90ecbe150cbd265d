# base: weight_decay_of_groups
# wrong: loss
# not in the catalogue

def loss(model, X, y, lam):
    weights, _ = split(model)
    value = nn.functional.cross_entropy(model(X), y) + lam * sum(W.square().sum() for W in weights)
    return torch.tensor(float(value), requires_grad=True)
