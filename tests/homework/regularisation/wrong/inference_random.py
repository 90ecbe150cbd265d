# not in the catalogue: still drops
# base: reference
# wrong: dropout_inference


def dropout_inference(A, p):
    return A * (np.random.default_rng(3).random(A.shape) >= p)
