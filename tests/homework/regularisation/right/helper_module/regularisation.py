import matplotlib.pyplot as plt
import numpy as np
from stats import moments


def decay_step(w, b, X, y, step_size, lam):
    residuo = X.dot(w) + b - y
    grad_w = (X * residuo[:, None]).mean(axis=0)
    return w - step_size * lam * w - step_size * grad_w, b - step_size * residuo.mean()


def dropout(A, p, U):
    mascara = np.ones_like(A)
    mascara[U < p] = 0
    return mascara * A


def dropout_inference(A, p):
    return A - A * p


def inverted_dropout(A, p, U):
    return A * np.where(U >= p, 1 / (1 - p), 0)


def dropout_backward(dY, p, U):
    return dropout(np.ones_like(dY), p, U) * dY


def batchnorm(X, gamma, beta, eps):
    media, varianza = moments(X)
    return gamma / np.sqrt(varianza + eps) * X + (beta - gamma * media / np.sqrt(varianza + eps))


def batchnorm_backward(dY, X, gamma, eps):
    n = X.shape[0]
    s = np.sqrt(X.var(axis=0) + eps)
    z = (X - X.mean(axis=0)) / s
    dgamma, dbeta = np.einsum("nd,nd->d", dY, z), np.einsum("nd->d", dY)
    return gamma / s * (dY - (dbeta + z * dgamma) / n), dgamma, dbeta


def running_statistics(batches, momentum):
    media, varianza = np.zeros(batches.shape[2]), np.ones(batches.shape[2])
    for t in range(batches.shape[0]):
        lote = batches[t]
        media = momentum * media + (1 - momentum) * lote.sum(0) / len(lote)
        varianza = momentum * varianza + (1 - momentum) * np.cov(lote.T, bias=True).reshape(
            lote.shape[1], lote.shape[1]
        ).diagonal()
    return media, varianza


def batchnorm_inference(X, gamma, beta, mean, var, eps):
    return gamma * ((X - mean) / np.sqrt(var + eps)) + beta


def early_stopping(valid_losses, patience):
    mejor, espera = 0, 0
    for k in range(1, len(valid_losses)):
        if valid_losses[k] < valid_losses[mejor]:
            mejor, espera = k, 0
        else:
            espera += 1
        if espera == patience:
            return mejor, k
    return mejor, len(valid_losses) - 1


def plot_overfitting(train, valid, best):
    fig = plt.figure()
    ejes = fig.add_subplot(111)
    ejes.plot(train, "C2", label="pérdida de entrenamiento")
    ejes.plot(valid, "C4", label="pérdida de validación")
    ejes.plot([best, best], [0, valid[best]], "k--")
    ejes.set_title("parada temprana")
    ejes.set_xlabel("época")
    ejes.set_ylabel("pérdida")
    fig.legend()
    return fig
