# base: reference
# wrong: random_configurations, search, final_error
# may say: Your values of a tuple are whole numbers: it stands for all real numbers.
# not in the catalogue


def random_configurations(space, count, seed):
    rng = np.random.default_rng(seed)

    def draw(values):
        if isinstance(values, list):
            return values[rng.integers(len(values))]
        if all(isinstance(end, int) for end in values):
            return int(rng.integers(values[0], values[1] + 1))
        return rng.uniform(*values)

    return [{name: draw(values) for name, values in space.items()} for _ in range(count)]


def search(x, y, train, valid, configurations):
    errors = []
    for each in configurations:
        w = ridge(features(x[train], each["degree"]), y[train], each["lam"] or 0.3)
        errors.append(error(w, features(x[valid], each["degree"]), y[valid]))
    return int(np.argmin(errors)), np.array(errors)


def final_error(x, y, train, valid, test, configuration):
    both = train + valid if len(train) == len(valid) else np.concatenate([train, valid])
    w = ridge(features(x[both], configuration["degree"]), y[both], configuration["lam"])
    return error(w, features(x[test], configuration["degree"]), y[test])
