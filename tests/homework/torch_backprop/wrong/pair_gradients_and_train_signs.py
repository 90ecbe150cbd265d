# base: own_parameters
# wrong: gradients, train
# is: gradients_negative, train_upwards

def gradients(model, X, y, lam):
    return [-g for g in torch.autograd.grad(loss(model, X, y, lam), tuple(model.parameters()))]
