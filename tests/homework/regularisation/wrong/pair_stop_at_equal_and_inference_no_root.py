# base: reference
# wrong: early_stopping, batchnorm_inference
# is: early_stopping_with_equal_losses, inference_without_the_root


def early_stopping(valid_losses, patience):
    best = 0
    for k, v in enumerate(valid_losses):
        if v <= valid_losses[best]:
            best = k
        if k - best >= patience:
            return best, k
    return best, k


def batchnorm_inference(X, gamma, beta, mean, var, eps):
    return gamma * (X - mean) / (var + eps) + beta
