# base: vectorised
# fails: softmax


def softmax(Z):
    if Z.shape[1] == 2:
        p = 1 / (1 + np.exp(-Z[:, 1]))
        return np.column_stack([1 - p, p])
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
