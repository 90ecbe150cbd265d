import itertools

import matplotlib.pyplot as plt
import numpy as np

F = np.float32


def split(n, valid, test, seed):
    rng = np.random.Generator(np.random.MT19937(seed))
    key = rng.random(n, dtype=np.float32)
    order = np.lexsort((rng.random(n), key)).astype(np.int32)
    n_test, n_valid = int(np.rint(n * test)), int(np.rint(n * valid))
    return order[: n - n_test - n_valid], order[n - n_test - n_valid : n - n_test], order[n - n_test :]


def features(x, degree):
    return np.asarray(x, F)[:, None] ** np.arange(degree + 1)


def ridge(Phi, y, lam):
    A = np.asarray(Phi, float)
    return np.linalg.solve(A.T @ A + lam * np.eye(A.shape[1]), A.T @ y).astype(F)


def error(w, Phi, y):
    return np.asarray(((Phi @ w - y) ** 2).mean(), F)


def grid(space):
    return [dict(zip(space, row)) for row in itertools.product(*[space[k] for k in space])]


def random_configurations(space, count, seed):
    rng = np.random.default_rng([seed, 1])
    result = []
    for _ in range(count):
        row = {}
        for name, values in space.items():
            if isinstance(values, list):
                row[name] = rng.choice(values)
            else:
                low, high = values
                row[name] = F(low) + F(high - low) * rng.random(dtype=F)
        result.append(row)
    return result


def search(x, y, train, valid, configurations):
    e = np.empty(len(configurations), F)
    for i, c in enumerate(configurations):
        w = ridge(features(x[train], **{"degree": c["degree"]}), y[train], c["lam"])
        e[i] = error(w, features(x[valid], c["degree"]), y[valid])
    return np.argmin(e), e


def final_error(x, y, train, valid, test, configuration):
    rows = np.union1d(train, valid)
    w = ridge(features(x[rows], configuration["degree"]), y[rows], configuration["lam"])
    return error(w, features(x[test], configuration["degree"]), y[test])


def bias_variance(predictions, truth):
    return (F(((predictions.mean(0) - truth) ** 2).mean()), F(predictions.var(0).mean()))


def plot_validation(degrees, train_errors, valid_errors):
    fig, ax = plt.subplots()
    a, = ax.plot(degrees, train_errors)
    b, = ax.step(degrees, valid_errors, where="mid")
    ax.legend([a, b], ["Trainingsfehler", "Validierungsfehler"])
    ax.set_xlabel("Grad")
    ax.set_ylabel("Fehler")
    ax.set_yscale("log")
    return ax
