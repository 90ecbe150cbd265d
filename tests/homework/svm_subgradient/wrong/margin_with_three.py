# not in the catalogue: the cubic norm
# base: reference
# wrong: margin


def margin(w):
    return 2 / np.linalg.norm(w, 3)
