import itertools

import matplotlib.pyplot as plt
import numpy as np


def split(n, valid, test, seed):
    orden = np.random.RandomState(seed % 2**32).permutation(n)
    nv, nt = round(n * valid), round(n * test)
    return np.sort(orden[nv + nt :]), np.sort(orden[:nv]), np.sort(orden[nv : nv + nt])


def features(x, degree):
    return np.vander(x, degree + 1)[:, ::-1]


def ridge(Phi, y, lam):
    L = np.linalg.cholesky(Phi.T @ Phi + lam * np.eye(Phi.shape[1]))
    return np.linalg.solve(L.T, np.linalg.solve(L, Phi.T @ y))


def error(w, Phi, y):
    residuo = Phi @ w - y
    return residuo @ residuo / residuo.shape[0]


def grid(space):
    filas = [()]
    for valores in space.values():
        filas = [fila + (valor,) for fila in filas for valor in valores]
    return [dict(zip(space, fila)) for fila in filas]


def random_configurations(space, count, seed):
    azar = np.random.default_rng(seed)
    return [
        {
            n: azar.uniform(*v) if isinstance(v, tuple) else v[int(azar.random() * len(v))]
            for n, v in space.items()
        }
        for _ in range(count)
    ]


def search(x, y, train, valid, configurations):
    errores = []
    for c in configurations:
        w = ridge(features(x[train], c["degree"]), y[train], c["lam"])
        errores.append(error(w, features(x[valid], c["degree"]), y[valid]))
    return np.argmin(errores), errores


def final_error(x, y, train, valid, test, configuration):
    i = np.concatenate([valid, train])
    w = ridge(features(x[i], configuration["degree"]), y[i], configuration["lam"])
    return error(w, features(x[test], configuration["degree"]), y[test])


def bias_variance(predictions, truth):
    media = predictions.mean(axis=0)
    return float(np.mean((media - truth) ** 2)), float(np.mean(np.var(predictions, 0)))


def plot_validation(degrees, train_errors, valid_errors):
    fig = plt.figure(figsize=(8, 3))
    ax = fig.add_subplot()
    ax.fill_between(degrees, train_errors, valid_errors, alpha=0.2)
    ax.plot(degrees, train_errors, "g^-", label="error de entrenamiento $E_t$")
    ax.plot(degrees, valid_errors, "mv-", label="error de validación $E_v$")
    ax.axvline(degrees[np.argmin(valid_errors)], ls=":", c="k")
    ax.set_yscale("log")
    ax.set_xlabel("grado del polinomio")
    ax.set_ylabel("error cuadrático medio")
    fig.legend(loc="upper right")
    return fig
