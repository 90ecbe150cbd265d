# base: reference
# fails: quadratic_example, quadratic
# is: quadratic_of_the_diagonal


def quadratic(x, A, b):
    return 0.5 * np.sum(np.diag(A) * x * x) - b @ x


def steps_to_reach(path, A, b, gap):
    lowest = quadratic(np.linalg.solve(A, b), A, b)
    near = [k for k, x in enumerate(path) if quadratic(x, A, b) - lowest <= gap]
    return near[0] if near else -1
