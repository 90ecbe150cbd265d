# base: reference
# wrong: maxout
# is: maxout_without_biases


def maxout(x, W1, b1, W2, b2):
    return np.maximum(x @ W1, x @ W2)
