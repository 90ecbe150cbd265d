# base: reference
# wrong: features, ridge, error, bias_variance
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


features = remembered(features)
ridge = remembered(ridge)
error = remembered(error)
search = remembered(search)
final_error = remembered(final_error)
bias_variance = remembered(bias_variance)
