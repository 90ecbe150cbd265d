# base: dataclasses
# wrong: forward, train
# is: forward_once, train_uphill
# may say: ...

def forward(output):
    for box in order(output):
        if box.value is None:
            box.fprop()
    return output.value

_right = train
def train(output, steps, step_size):
    return _right(output, steps, -step_size)
