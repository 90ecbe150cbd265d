# -*- coding: utf-8 -*-
import matplotlib.pyplot as plt
import numpy as np

print("pérdidas sustitutas")


def perdida(nombre, t):
    t = np.array(t, dtype=float)
    if nombre == "zero_one":
        return np.heaviside(-t, 0.5)
    if nombre == "hinge":
        return (abs(1 - t) + (1 - t)) / 2
    if nombre == "logistic":
        return np.logaddexp2(0, -t * np.log2(np.e))
    if nombre == "modified_huber":
        p = np.minimum(np.maximum(t, 0), 1)
        return (p - 1) ** 2 + 2 * np.maximum(-t, 0)
    if nombre == "exponential":
        return np.power(np.e, -t)
    if nombre == "sigmoid":
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(t))
    raise ValueError("nombre desconocido: " + nombre)


loss = perdida


def derivative(name, t):
    if name == "hinge":
        return (np.sign(t - 1) - 1) / 2
    if name == "logistic":
        return (perdida("sigmoid", t)) * -np.log2(np.e)
    if name == "modified_huber":
        return -2 * (t <= 0) + (2 * t - 2) * ((t > 0) & (t <= 1))
    if name == "exponential":
        return -perdida(name, t)
    return -perdida(name, t) * perdida(name, -t)


def empirical_risk(name, w, b, X, y):
    return np.average([perdida(name, yi * (w @ xi + b)) for xi, yi in zip(X, y)])


def risk_gradient(name, w, b, X, y):
    puntos = [(yi * derivative(name, np.array(yi * (w @ xi + b))), xi) for xi, yi in zip(X, y)]
    gw = sum(s * xi for s, xi in puntos) / len(puntos)
    gb = sum(s for s, _ in puntos) / len(puntos)
    return (gw.reshape(-1), float(gb))


def midpoint_gap(name, u, v):
    return loss(name, u / 2 + v / 2) - loss(name, u) / 2 - loss(name, v) / 2


nombres = ["exponential", "hinge", "logistic", "modified_huber", "sigmoid"]
nonconvex_losses = lambda grid: [
    n for n in nombres if any(np.any(midpoint_gap(n, grid, np.full(len(grid), v)) > 1e-6) for v in grid)
]
upper_bounds = lambda grid: list(filter(lambda n: np.all(loss(n, grid) >= loss("zero_one", grid)), nombres))


def plot_losses(ts):
    plt.close("all")
    titulos = {
        "zero_one": "cero-uno",
        "hinge": "bisagra",
        "logistic": r"logística: $\log_2(1+e^{-t})$",
        "modified_huber": "Huber modificada",
        "exponential": "exponencial",
        "sigmoid": "sigmoide",
    }
    fig, ax = plt.subplots()
    for (clave, titulo), estilo in zip(titulos.items(), ["-", "--", ":", "-.", "-", "--"]):
        ax.plot(ts, loss(clave, ts), estilo, label=titulo)
    ax.axvline(0, color="gray", lw=0.5)
    ax.axhline(0, color="gray", lw=0.5)
    ax.set_ylim(-0.2, 3)
    ax.set_xlabel("margen $t = y f(x)$")
    ax.set_ylabel("pérdida")
    ax.legend()
    plt.show()
