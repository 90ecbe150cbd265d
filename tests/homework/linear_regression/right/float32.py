"""Everything in float32."""
import matplotlib.pyplot as plt
import numpy as np

f32 = np.float32


def predict(w, b, X):
    return X.astype(f32) @ np.asarray(w, f32) + f32(b)


def loss(w, b, X, y, lam, penalty):
    mse = np.mean((predict(w, b, X) - y.astype(f32)) ** 2)
    w = np.asarray(w, f32)
    match penalty:
        case "none":
            return mse
        case "l1":
            return mse + f32(lam) * np.mean(np.abs(w))
        case "l2":
            return mse + f32(lam) * np.mean(w * w)
        case _:
            raise ValueError


def gradient(w, b, X, y, lam, penalty):
    w = np.asarray(w, f32)
    r = predict(w, b, X) - y.astype(f32)
    dw = f32(2) * X.astype(f32).T @ r / f32(len(y))
    if penalty == "l1":
        dw += f32(lam / len(w)) * np.sign(w)
    if penalty == "l2":
        dw += f32(2 * lam / len(w)) * w
    return dw, f32(2) * r.mean()


def solve(X, y, lam):
    X, y = X.astype(f32), y.astype(f32)
    n, k = X.shape
    A = np.c_[X, np.ones(n, f32)]
    G = A.T @ A / f32(n)
    G[range(k), range(k)] += f32(lam / k)
    both = np.linalg.solve(G, A.T @ y / f32(n))
    return both[:-1], both[-1]


def fit(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1], f32), f32(0)
    history = np.empty(steps + 1, f32)
    history[0] = loss(w, b, X, y, lam, penalty)
    for t in range(steps):
        dw, db = gradient(w, b, X, y, lam, penalty)
        w, b = w - f32(step_size) * dw, b - f32(step_size) * db
        history[t + 1] = loss(w, b, X, y, lam, penalty)
    return w, b, history


def standardise(X):
    X = X.astype(f32)
    mean, std = X.mean(0), X.std(0)
    std = np.where(std == 0, f32(1), std)
    return (X - mean) / std, mean, std


def coefficient_path(X, y, lams):
    out = np.empty((len(lams), X.shape[1]), f32)
    for i, lam in enumerate(lams):
        out[i] = solve(X, y, lam)[0]
    return out


def plot_path(lams, path):
    fig, ax = plt.subplots()
    ax.semilogx(lams.astype(f32), path.astype(f32))
    ax.set(xlabel="Strafe", ylabel="Gewicht")
    return fig, ax
