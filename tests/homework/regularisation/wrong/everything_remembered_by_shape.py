# base: reference
# wrong: decay_step, dropout, dropout_inference, batchnorm, batchnorm_backward
# wrong: running_statistics, batchnorm_inference
# may say: ...
# not in the catalogue


def shape_of(value):
    if isinstance(value, np.ndarray):
        return "array", value.shape
    if isinstance(value, list):
        return "list", tuple(shape_of(item) for item in value)
    return repr(value)


def remembered(function):
    known = {}

    def call(*arguments):
        key = shape_of(list(arguments))
        if key not in known:
            known[key] = function(*arguments)
        return known[key]

    return call


decay_step = remembered(decay_step)
dropout = remembered(dropout)
dropout_inference = remembered(dropout_inference)
inverted_dropout = remembered(inverted_dropout)
dropout_backward = remembered(dropout_backward)
batchnorm = remembered(batchnorm)
batchnorm_backward = remembered(batchnorm_backward)
running_statistics = remembered(running_statistics)
batchnorm_inference = remembered(batchnorm_inference)
