# base: reference
# wrong: structured_objective, structured_subgradient
# is: structured_without_lam, structured_subgradient_without_lam
# may say: multiplied by
# may say: has the wrong sign
# may say: have the wrong sign

_structured_objective = structured_objective
_structured_subgradient = structured_subgradient


def structured_objective(w, X, Y, lam):
    return _structured_objective(w, X, Y, 1.0)


def structured_subgradient(w, X, Y, lam):
    return _structured_subgradient(w, X, Y, 1.0)
