# base: own_parameters
# wrong: train
# is: train_rebinds

def gradients(model, X, y, lam):
    """Arrays are right, but `p -= step_size * g` makes an array of a parameter and changes none."""
    grads = torch.autograd.grad(loss(model, X, y, lam), tuple(model.parameters()))
    return [g.numpy().astype("float32") for g in grads]
