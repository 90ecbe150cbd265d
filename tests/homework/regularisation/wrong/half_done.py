# base: reference
# wrong: batchnorm_backward, early_stopping


def batchnorm_backward(dY, X, gamma, eps):
    raise NotImplementedError


def early_stopping(valid_losses, patience):
    pass
