# base: sequential
# wrong: loss
# is: loss_of_detached_scores

def loss(model, X, y, lam):
    value = criterion(model(X), y).item()
    return value + lam * sum((p ** 2).sum() for p in model.parameters() if p.ndim > 1)
