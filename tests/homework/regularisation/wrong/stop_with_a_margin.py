# not in the catalogue: asks for a fall of 0.3
# base: reference
# wrong: early_stopping


def early_stopping(valid_losses, patience):
    best = 0
    for k, v in enumerate(valid_losses):
        if v < valid_losses[best] - 0.3:
            best = k
        if k - best >= patience:
            return best, k
    return best, k
