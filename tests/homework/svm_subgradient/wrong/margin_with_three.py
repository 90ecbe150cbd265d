# not in the catalogue: the cubic norm
# base: reference
# fails: margin
# is:


def margin(w):
    return 2 / np.linalg.norm(w, 3)
