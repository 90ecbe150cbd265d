# base: reference
# wrong: error
# is: error_as_a_sum


def error(w, Phi, y):
    r = Phi @ w - y
    return float(r @ r)
