# base: reference
# wrong: batchnorm_inference
# is: inference_of_the_batch


def batchnorm_inference(X, gamma, beta, mean, var, eps):
    return batchnorm(X, gamma, beta, eps)
