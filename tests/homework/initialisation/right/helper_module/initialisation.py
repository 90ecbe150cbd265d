import matplotlib.pyplot as plt
import numpy as np
from pieces import outer


def activation(name, a):
    if name not in {"leaky_relu", "elu", "tanh", "relu"}:
        raise ValueError("activación desconocida: " + str(name))
    if name == "leaky_relu":
        return a * np.where(a > 0, 1, 0.1)
    if name == "elu":
        return np.where(a > 0, a, np.exp(np.where(a > 0, 0, a)) - 1)
    return np.tanh(a) if name == "tanh" else np.where(a > 0, a, 0)


def activation_gradient(name, a):
    if name == "leaky_relu":
        return np.where(a > 0, 1, 0.1)
    if name == "elu":
        return np.where(a > 0, 1, activation("elu", a) + 1)
    return 1 - np.tanh(a) ** 2 if name == "tanh" else np.where(a > 0, 1.0, 0.0)


def maxout(x, W1, b1, W2, b2):
    z1, z2 = x.dot(W1) + b1, x.dot(W2) + b2
    return np.where(z1 > z2, z1, z2)


def maxout_backward(dy, x, W1, b1, W2, b2):
    gana = (x.dot(W1) + b1 > x.dot(W2) + b2).astype(float)
    d1, d2 = dy * gana, dy * (1 - gana)
    return W1.dot(d1) + W2.dot(d2), outer(x, d1), d1, outer(x, d2), d2


def init_weights(name, fan_in, fan_out, seed):
    azar = np.random.default_rng([7, seed])
    forma = (fan_out, fan_in)
    if name == "zeros":
        return np.zeros(forma)
    if name == "glorot":
        limite = np.sqrt(6.0 / (fan_in + fan_out))
        return azar.uniform(-limite, limite, forma)
    return azar.standard_normal(forma) * (0.01 if name == "small" else 1 / np.sqrt(fan_in))


def layer_spread(X, weights, name):
    dispersion, H = [], X.copy()
    for W in weights:
        H = activation(name, H.dot(W.T))
        dispersion.append(np.sqrt(((H - H.mean()) ** 2).mean()))
    return dispersion


def centre(X):
    media = X.sum(axis=0) / X.shape[0]
    return X - media, media


def principal_directions(X, k):
    Z, _ = centre(X)
    valores, vectores = np.linalg.eigh(Z.T.dot(Z) / X.shape[0])
    return np.flip(valores)[:k], np.fliplr(vectores)[:, :k]


def reconstruct(X, k):
    Z, media = centre(X)
    U, s, Vt = np.linalg.svd(Z, full_matrices=False)
    return U[:, :k] @ np.diag(s[:k]) @ Vt[:k] + media


def whiten(X, k, eps):
    valores, V = principal_directions(X, k)
    return centre(X)[0].dot(V).dot(np.diag(1 / np.sqrt(valores + eps)))


def plot_spread(spreads):
    fig, ejes = plt.subplots()
    for nombre, valores in spreads.items():
        ejes.semilogy(range(1, 1 + len(valores)), valores, "s--", label=nombre)
    ejes.set_title("dispersión por capa")
    ejes.set_xlabel("capa")
    ejes.set_ylabel("desviación típica")
    fig.legend(loc="outside right upper")
    return fig
