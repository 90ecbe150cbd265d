# base: float32
# wrong: margin
# is: margin_of_one_side


def margin(w):
    return 1.0 / np.sqrt(np.sum(w * w))
