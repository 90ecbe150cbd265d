# base: dataclasses
# wrong: train
# is: train_uphill

_right = train
def train(output, steps, step_size):
    return _right(output, steps, -step_size)
