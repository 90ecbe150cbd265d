# base: dataclasses
# wrong: MatMul, train
# is: matmul_absolute, train_records_late

MatMul = make("MatMul", np.matmul, lambda g, y, a, b: (g @ np.abs(b.T), np.abs(a.T) @ g))
_right = train
def train(output, steps, step_size):
    history = _right(output, steps, step_size)
    return history[:1] + history[:-1]
