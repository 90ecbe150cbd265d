# base: own_parameters
# wrong: gradients
# is: gradients_negative

def gradients(model, X, y, lam):
    return [-g for g in torch.autograd.grad(loss(model, X, y, lam), tuple(model.parameters()))]
