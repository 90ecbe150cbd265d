# base: sequential
# wrong: loss
# is: loss_of_probabilities

def loss(model, X, y, lam):
    P = torch.softmax(model(X), dim=1)
    return criterion(P, y) + lam * sum((p ** 2).sum() for p in model.parameters() if p.ndim > 1)
