# base: dataclasses
# wrong: train

_right = train
def train(output, steps, step_size):
    return _right(output, steps, -step_size)[1:]
