# base: reference
# wrong: structured_subgradient
# is: structured_subgradient_with_the_mean_turned_round

_structured_subgradient = structured_subgradient


def structured_subgradient(w, X, Y, lam):
    return 2 * lam * w - _structured_subgradient(w, X, Y, lam)
