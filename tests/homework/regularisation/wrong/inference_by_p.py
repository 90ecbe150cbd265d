# base: reference
# wrong: dropout_inference
# is: dropout_inference_by_p


def dropout_inference(A, p):
    return A * p
