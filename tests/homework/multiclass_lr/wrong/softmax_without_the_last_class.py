# base: vectorised
# fails: softmax_example, softmax_rows_are_distributions, softmax_of_huge_scores, softmax
# fails: softmax_of_far_rows


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E[:, :-1].sum(axis=1, keepdims=True)
