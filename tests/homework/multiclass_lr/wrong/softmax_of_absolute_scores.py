# base: vectorised
# fails: softmax_example, softmax_of_huge_scores, softmax, softmax_of_far_rows
# may say: Your predict takes the largest absolute score


def softmax(Z):
    E = np.exp(np.abs(Z) - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
