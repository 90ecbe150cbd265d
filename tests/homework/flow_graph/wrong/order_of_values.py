# base: dataclasses
# wrong: order
# not in the catalogue

_right_order = order
def order(output):
    return [np.asarray([box.value, box.value]) for box in _right_order(output)]

def _with(old):
    def new(*args):
        global order
        kept, order = order, _right_order
        try:
            return old(*args)
        finally:
            order = kept
    return new

forward, backward, parameters = _with(forward), _with(backward), _with(parameters)
train, numerical_gradient = _with(train), _with(numerical_gradient)
