# base: reference
# wrong: early_stopping
# is: early_stopping_sees_the_future


def early_stopping(valid_losses, patience):
    best, lowest = 0, np.inf
    for k, v in enumerate(valid_losses):
        if v < lowest:
            best, lowest = k, v
        if k - best >= patience:
            break
    return int(np.argmin(valid_losses)), k
