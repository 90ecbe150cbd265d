# base: own_parameters
# wrong: gradients
# is: gradients_without_penalty

def gradients(model, X, y, lam):
    return torch.autograd.grad(loss(model, X, y, 0.0), tuple(model.parameters()))
