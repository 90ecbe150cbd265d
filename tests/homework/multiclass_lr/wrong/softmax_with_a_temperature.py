# base: vectorised
# fails: softmax_example, softmax_of_huge_scores, softmax, softmax_of_far_rows


def softmax(Z):
    E = np.exp((Z - Z.max(axis=1, keepdims=True)) / np.sqrt(Z.shape[1]))
    return E / E.sum(axis=1, keepdims=True)
