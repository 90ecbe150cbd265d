# not in the catalogue: never stops
# base: reference
# wrong: early_stopping


def early_stopping(valid_losses, patience):
    return int(np.argmin(valid_losses)), len(valid_losses) - 1
