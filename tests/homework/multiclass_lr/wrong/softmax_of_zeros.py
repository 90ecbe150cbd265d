# base: reference
# fails: softmax_example, softmax_rows_are_distributions, softmax_of_huge_scores, softmax
# fails: softmax_of_far_rows
# not in the catalogue


def softmax(Z):
    return np.zeros_like(Z)
