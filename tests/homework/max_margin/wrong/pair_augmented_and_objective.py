# base: reference
# wrong: loss_augmented, structured_objective
# is: augmented_all_flipped, structured_without_the_half
# may say: multiplied by
# may say: has the wrong sign
# may say: have the wrong sign

_structured_objective = structured_objective


def loss_augmented(w, x, y):
    return -y


def structured_objective(w, X, Y, lam):
    return _structured_objective(w, X, Y, 2 * lam)
