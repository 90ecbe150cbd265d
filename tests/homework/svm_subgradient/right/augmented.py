# Абсолютно честное решение: единица дописана к каждому примеру, b - последний вес.
# 中文注释也可以。
import numpy as np
from matplotlib import pyplot as plt

np.random.seed(0)
np.seterr(all="ignore")


def расширить(X):
    return np.hstack((X, np.ones((X.shape[0], 1))))


def hinge_loss(t):
    потери = 1.0 - t
    потери[потери < 0] = 0
    return потери


def objective(w, b, X, y, C):
    v = np.concatenate((w, [b]))
    отступы = np.einsum("i,ij,j->i", y, расширить(X), v)
    return np.sum(v[:-1] ** 2) / 2 + C * np.sum(np.clip(1 - отступы, 0, np.inf))


def subgradient(w, b, X, y, C):
    v = np.concatenate((w, [b]))
    отступы = np.einsum("i,ij,j->i", y, расширить(X), v)
    # в изломе годится любое число от 0 до 1, возьмём случайное
    вес = np.where(отступы == 1, np.random.rand(len(y)), отступы < 1)
    g = -C * np.einsum("i,ij->j", вес * y, расширить(X))
    g[:-1] += w
    return g[:-1], g[-1]


def fit(X, y, C, steps, step_size, schedule):
    шаги = np.arange(1, steps + 1, dtype=float)
    match schedule:
        case "constant":
            размеры = step_size * np.ones(steps)
        case "1/k":
            размеры = step_size / шаги
        case "1/sqrt(k)":
            размеры = step_size / np.sqrt(шаги)
        case _:
            raise ValueError(f"неизвестное расписание {schedule!r}")
    путь = np.zeros((steps + 1, X.shape[1] + 1))
    for k, a in enumerate(размеры):
        gw, gb = subgradient(путь[k, :-1], путь[k, -1], X, y, C)
        путь[k + 1] = путь[k] - a * np.append(gw, gb)
    history = np.array([objective(v[:-1], v[-1], X, y, C) for v in путь])
    лучший = np.argmin(history)
    return путь[лучший, :-1], путь[лучший, -1], history


def margin(w):
    return np.array(2 / np.linalg.norm(w))


def support_vectors(w, b, X, y, tol):
    return np.nonzero(1 + tol - y * (X @ w + b) >= 0)[0].astype(float)


def plot_decision_boundary(w, b, X, y):
    fig, ax = plt.subplots(1, 2, figsize=(11, 4))
    ax[1].hist(y * (X @ w + b), bins=12)
    ax[0].scatter(*X[y == 1].T, marker="+", color="k", label="класс +1")
    ax[0].scatter(*X[y == -1].T, marker="_", color="k", label="класс -1")
    lo, hi = X.min(0) - 0.3, X.max(0) + 0.3
    gx, gy = np.meshgrid(np.linspace(lo[0], hi[0], 150), np.linspace(lo[1], hi[1], 150))
    ax[0].contour(gx, gy, w[0] * gx + w[1] * gy + b, [-1, 0, 1], colors=["b", "r", "b"])
    on = np.nonzero(y * (X @ w + b) <= 1)[0]
    ax[0].scatter(*X[on].T, s=130, facecolors="none", edgecolors="orange", label="опорные векторы")
    ax[0].set_xlabel("признак 1")
    ax[0].set_ylabel("признак 2")
    ax[0].legend()
    return fig, ax
