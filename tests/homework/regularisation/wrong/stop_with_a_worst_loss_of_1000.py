# base: reference
# wrong: early_stopping
# not in the catalogue: the lowest loss starts from a number that is taken for huge


def early_stopping(valid_losses, patience):
    best, lowest, waited = 0, 1e3, 0
    for epoch, loss in enumerate(valid_losses):
        if loss < lowest:
            best, lowest, waited = epoch, loss, 0
        else:
            waited += 1
            if waited == patience:
                return best, epoch
    return best, len(valid_losses) - 1
