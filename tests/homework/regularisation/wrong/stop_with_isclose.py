# base: reference
# wrong: early_stopping
# not in the catalogue: a loss that is lower by a millionth counts as equal


def early_stopping(valid_losses, patience):
    best = 0
    for epoch in range(1, len(valid_losses)):
        lower = valid_losses[epoch] < valid_losses[best]
        if lower and not np.isclose(valid_losses[epoch], valid_losses[best]):
            best = epoch
        if epoch - best == patience:
            return best, epoch
    return best, len(valid_losses) - 1
