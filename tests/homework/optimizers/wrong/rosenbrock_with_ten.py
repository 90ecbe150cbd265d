# base: reference
# wrong: rosenbrock
# not in the catalogue


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 10 * (x[1] - x[0] ** 2) ** 2
