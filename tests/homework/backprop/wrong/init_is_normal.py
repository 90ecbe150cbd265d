# base: classes
# wrong: init_params
# is: init_normal

def init_params(sizes, seed):
    state = np.random.RandomState(seed)
    return [
        (state.normal(0, np.sqrt(2 / (i + o)), (o, i)), np.zeros(o))
        for i, o in zip(sizes[:-1], sizes[1:])
    ]
