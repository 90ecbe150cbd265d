# -*- coding: latin-1 -*-
# Práctica: descenso estocástico. Funciones anónimas y un panel por serie.
import matplotlib.pyplot as plt
import numpy as np

residuos = lambda w, X, y: X @ w - y
full_gradient = lambda w, X, y: np.mean(residuos(w, X, y)[:, None] * X, axis=0)
batch_gradient = lambda w, X, y, indices: full_gradient(w, X[indices], y[indices])
reglas = {
    "constant": lambda alfa, delta, t: alfa * t**0,
    "inverse": lambda alfa, delta, t: alfa / (1 + delta * t),
    "power": lambda alfa, delta, t: alfa * t**-delta,
}


def step_sizes(schedule, alpha, delta, steps):
    if schedule not in reglas:
        raise ValueError("la regla no existe: %s" % schedule)
    return reglas[schedule](alpha, delta, np.arange(1.0, steps + 1.0))


draw_batches = lambda n, steps, batch_size, seed: (
    np.random.default_rng(seed).choice(n, (steps, batch_size))
)


def sgd(X, y, w0, batches, alphas):
    if len(alphas) == 0:
        return w0[None]
    antes = sgd(X, y, w0, batches[:-1], alphas[:-1])
    return np.vstack([antes, antes[-1] - alphas[-1] * batch_gradient(antes[-1], X, y, batches[-1])])


weighted_average = lambda path, alphas: np.dot(alphas, path[:-1]) / sum(alphas)
bound = lambda R2, G2, alphas: (R2 + G2 * sum(alphas**2)) / 2 / sum(alphas)
best_constant_step = lambda R2, G2, steps: (R2 / (steps * G2)) ** 0.5
meets_conditions = lambda schedule, delta: {
    "constant": (True, False),
    "inverse": (True, True),
    "power": (delta <= 1, 2 * delta > 1),
}[schedule]
gradient_variance = lambda w, X, y, batch_size: (
    np.var(residuos(w, X, y)[:, None] * X, axis=0).sum() / batch_size
)


def plot_runs(histories):
    figura, paneles = plt.subplots(1, len(histories), sharey=True)
    for panel, (nombre, valores) in zip(np.atleast_1d(paneles), histories.items()):
        panel.plot(valores, "k-")
        panel.set_title("Serie %s" % nombre)
        panel.set_yscale("log")
        panel.set_xlabel("iteración")
    paneles[0].set_ylabel("F menos mínimo")
    return figura
