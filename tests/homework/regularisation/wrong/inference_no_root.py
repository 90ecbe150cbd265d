# base: reference
# wrong: batchnorm_inference
# is: inference_without_the_root


def batchnorm_inference(X, gamma, beta, mean, var, eps):
    return gamma * (X - mean) / (var + eps) + beta
