# base: reference
# wrong: random_configurations
# is: random_without_the_seed
# may say: Your random_configurations ...


def random_configurations(space, count, seed):
    def draw(v):
        return np.random.uniform(*v) if isinstance(v, tuple) else v[np.random.randint(len(v))]

    return [{name: draw(v) for name, v in space.items()} for _ in range(count)]
