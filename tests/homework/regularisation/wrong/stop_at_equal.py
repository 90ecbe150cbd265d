# base: reference
# wrong: early_stopping
# is: early_stopping_with_equal_losses


def early_stopping(valid_losses, patience):
    best = 0
    for k, v in enumerate(valid_losses):
        if v <= valid_losses[best]:
            best = k
        if k - best >= patience:
            return best, k
    return best, k
