# base: own_parameters
# wrong: gradients
# not in the catalogue

def gradients(model, X, y, lam):
    return torch.autograd.grad(loss(model, X, y, lam), list(model.parameters())[::2])
