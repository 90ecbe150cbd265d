"""Scalar loops and lists; nothing of numpy's linear algebra."""

import random

import matplotlib.pyplot as plt


def split(n, valid, test, seed):
    numbers = list(range(n))
    random.Random(seed).shuffle(numbers)
    a = int(n * valid + 0.5)
    b = a + int(n * test + 0.5)
    return numbers[b:], numbers[:a], numbers[a:b]


def features(x, degree):
    rows = []
    for value in x:
        row = [1.0]
        for _ in range(degree):
            row.append(row[-1] * float(value))
        rows.append(row)
    return rows


def solve(A, b):
    """Gauss with pivots."""
    n = len(b)
    M = [[*map(float, A[i]), float(b[i])] for i in range(n)]
    for c in range(n):
        p = max(range(c, n), key=lambda r: abs(M[r][c]))
        M[c], M[p] = M[p], M[c]
        for r in range(c + 1, n):
            f = M[r][c] / M[c][c]
            for k in range(c, n + 1):
                M[r][k] -= f * M[c][k]
    out = [0.0] * n
    for c in reversed(range(n)):
        out[c] = (M[c][n] - sum(M[c][k] * out[k] for k in range(c + 1, n))) / M[c][c]
    return out


def ridge(Phi, y, lam):
    m = len(Phi[0])
    A = [[sum(row[i] * row[j] for row in Phi) + (lam if i == j else 0) for j in range(m)]
         for i in range(m)]  # fmt: skip
    return solve(A, [sum(row[i] * t for row, t in zip(Phi, y)) for i in range(m)])


def error(w, Phi, y):
    total = 0.0
    for row, t in zip(Phi, y):
        total += (sum(a * b for a, b in zip(row, w)) - t) ** 2
    return total / len(y)


def grid(space):
    def go(names):
        if not names:
            return [{}]
        return [{names[0]: v, **rest} for v in space[names[0]] for rest in go(names[1:])]

    return go(list(space))


def random_configurations(space, count, seed):
    r = random.Random(seed)
    out = []
    for _ in range(count):
        c = {}
        for name in space:
            v = space[name]
            c[name] = r.uniform(v[0], v[1]) if type(v) is tuple else r.choice(v)
        out.append(c)
    return tuple(out)


def fit(x, y, rows, c):
    return ridge(features([x[i] for i in rows], c["degree"]), [y[i] for i in rows], c["lam"])


def measure(w, x, y, rows, c):
    return error(w, features([x[i] for i in rows], c["degree"]), [y[i] for i in rows])


def search(x, y, train, valid, configurations):
    errors = [measure(fit(x, y, train, c), x, y, valid, c) for c in configurations]
    return errors.index(min(errors)), errors


def final_error(x, y, train, valid, test, configuration):
    w = fit(x, y, [*train, *valid], configuration)
    return measure(w, x, y, test, configuration)


def bias_variance(predictions, truth):
    trials, n = len(predictions), len(truth)
    bias2 = variance = 0
    for j in range(n):
        mean = sum(predictions[t][j] for t in range(trials)) / trials
        bias2 += (mean - truth[j]) ** 2 / n
        variance += sum((predictions[t][j] - mean) ** 2 for t in range(trials)) / trials / n
    return bias2, variance


def plot_validation(degrees, train_errors, valid_errors):
    plt.figure()
    plt.plot(degrees, train_errors, "o")
    plt.plot(degrees, valid_errors, "x")
    plt.yscale("log")
    plt.legend(["on the training set", "on the validation set"])
    plt.xlabel("degree")
    plt.ylabel("error")
