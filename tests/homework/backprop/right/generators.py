"""Générateurs, itertools, fonctions imbriquées. Écrit en français."""

import itertools
import warnings

import matplotlib.pyplot as plt
import numpy as np

warnings.warn("module chargé")


def product_circuit(x: float, y: float, z: float) -> tuple:
    return (f := (x + y) * z), (df := (z, z, x + y))


def sigmoid_neuron(w, x):
    def σ(t):
        return 1 / (1 + np.exp(-t))

    α = w[0] * x[0] + w[1] * x[1] + w[2]
    pente = σ(α) * σ(-α)
    return float(σ(α)), pente * np.concatenate([x, [1]]), pente * w[:2]


def ratio_circuit(x, y):
    # différentiation en mode direct, avec des paires (valeur, dérivées)
    ex, ey = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    σ = lambda v, d: (s := 1 / (1 + np.exp(-v)), s * (1 - s) * d)
    (sx, dsx), (sy, dsy) = σ(x, ex), σ(y, ey)
    u, du = x + sy, ex + dsy
    v, dv = sx + (x + y) ** 2, dsx + 2 * (x + y) * (ex + ey)
    return u / v, tuple((du * v - u * dv) / v**2)


NOMS = "linear sigmoid tanh relu".split()


def activation(name, a):
    if NOMS.count(name) == 0:
        raise ValueError("fonction inconnue")
    z = np.zeros_like(a)
    return [a, np.exp(np.minimum(a, z)) / (1 + np.exp(-np.abs(a))), np.tanh(a), np.fmax(a, z)][
        NOMS.index(name)
    ]


def activation_gradient(name, a):
    h = activation(name, a)
    if name == "relu":
        return np.random.random(a.shape) * (a == 0) + (a > 0)
    return [np.ones_like(a), h * (1 - h), 1 - h * h][NOMS.index(name)]


def couches(sizes):
    return itertools.pairwise(sizes)


def init_params(sizes, seed):
    rng = np.random.default_rng(seed)

    def couche(n, m):
        s = np.sqrt(6 / (n + m))
        return np.array(
            [[s * (2 * rng.random() - 1) for _ in range(n)] for _ in range(m)]
        ), np.zeros(m)

    return list(itertools.starmap(couche, couches(sizes)))


def passe(params, X, name):
    """Donne (entrée, préactivation) de chaque couche."""
    h = X
    for W, b in params:
        a = np.tensordot(h, W, axes=(1, 1)) + b
        yield h, a
        h = activation(name, a)


def forward(params, X, name):
    *_, (_, z) = passe(params, X, name)
    z = z - z.max(axis=1).reshape(-1, 1)
    return np.exp(z - np.log(np.exp(z).sum(axis=1)).reshape(-1, 1))


def loss(params, X, y, name, lam):
    P = forward(params, X, name)
    total = -np.log(np.take_along_axis(P, np.asarray(y).reshape(-1, 1), axis=1)).mean()
    for W, _ in params:
        total += lam * np.linalg.norm(W, "fro") ** 2
    return total


def backprop(params, X, y, name, lam):
    def rétro():
        δ = forward(params, X, name) - np.eye(len(params[-1][1]))[y]
        δ = δ / X.shape[0]
        pile = list(passe(params, X, name))
        while pile:
            h, _ = pile.pop()
            W = params[len(pile)][0]
            yield np.tensordot(δ, h, axes=(0, 0)) + 2 * lam * W, np.ones(len(δ)) @ δ
            if pile:
                δ = δ @ W * activation_gradient(name, pile[-1][1])

    return list(rétro())[::-1]


def gradient_error(params, X, y, name, lam, eps):
    def erreurs():
        for k, (gW, gb) in enumerate(backprop(params, X, y, name, lam)):
            for quoi, g in enumerate((gW, gb)):
                for place in itertools.product(*map(range, g.shape)):
                    valeurs = []
                    for signe in (+1, -1):
                        copie = [[W.copy(), b.copy()] for W, b in params]
                        copie[k][quoi][place] += signe * eps
                        valeurs.append(loss(copie, X, y, name, lam))
                    n = np.subtract(*valeurs) / (2 * eps)
                    yield abs(g[place] - n) / max(abs(g[place]) + abs(n), 1e-8)

    return max(erreurs())


def train(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng = np.random.default_rng(seed)

    def histoire():
        nonlocal params
        yield loss(params, X, y, name, lam)
        for _ in range(epochs):
            ordre = iter(rng.permutation(len(y)).tolist())
            while lot := list(itertools.islice(ordre, batch_size)):
                grads = backprop(params, X[lot], y[lot], name, lam)
                params = [
                    (W - step_size * dW, b - step_size * db)
                    for (W, b), (dW, db) in zip(params, grads)
                ]
            yield loss(params, X, y, name, lam)

    histoire = np.fromiter(histoire(), float)
    return params, histoire


def plot_training(history):
    fig, ax = plt.subplots()
    ax.stem(history)
    ax.set_xlabel("époque")
    ax.set_ylabel("perte")
    return [fig, ax]
