"""No numpy at all, but for arrays of many axes."""
import math

import matplotlib.pyplot as plt


def each(f, values):
    return [each(f, v) if getattr(v, "shape", ()) else f(float(v)) for v in values]


def one(t):
    if t >= 0:
        return 1 / (1 + math.exp(-t))
    return math.exp(t) / (1 + math.exp(t))


def softplus(z):
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


def sigmoid(t):
    return each(one, t)


def log_odds(p):
    return each(lambda v: math.log(v) - math.log1p(-v), p)


def score(beta0, beta, x):
    return float(beta0) + sum(float(b) * float(v) for b, v in zip(beta, x))


def log_likelihood(beta0, beta, X, y):
    return sum(t * score(beta0, beta, x) - softplus(score(beta0, beta, x)) for x, t in zip(X, y))


def gradient(beta0, beta, X, y):
    g = [0.0] * (len(beta) + 1)
    for x, t in zip(X, y):
        r = t - one(score(beta0, beta, x))
        g[0] += r
        for j, v in enumerate(x):
            g[j + 1] += r * v
    return g[0], g[1:]


def cross_entropy(beta0, beta, X, y):
    return -log_likelihood(beta0, beta, X, y) / len(X)


def log2_loss(t):
    return each(lambda v: softplus(-v) / math.log(2), t)


def signed_loss(beta0, beta, X, s):
    return sum(softplus(-t * score(beta0, beta, x)) for x, t in zip(X, s)) / math.log(2) / len(X)


def hessian(beta0, beta, X):
    m = len(beta) + 1
    H = [[0.0] * m for _ in range(m)]
    for x in X:
        p = one(score(beta0, beta, x))
        a = [1.0, *(float(v) for v in x)]
        for i in range(m):
            for j in range(m):
                H[i][j] += p * (1 - p) * a[i] * a[j] / len(X)
    return H


def eliminate(A, c):
    m = len(c)
    A = [[*row, v] for row, v in zip(A, c)]
    for i in range(m):
        p = max(range(i, m), key=lambda r: abs(A[r][i]))
        A[i], A[p] = A[p], A[i]
        for r in range(m):
            if r != i:
                f = A[r][i] / A[i][i]
                A[r] = [u - f * v for u, v in zip(A[r], A[i])]
    return [A[i][m] / A[i][i] for i in range(m)]


def run(X, y, steps, move):
    theta = [0.0] * (len(X[0]) + 1)
    history = [cross_entropy(theta[0], theta[1:], X, y)]
    for _ in range(steps):
        theta = [u + v for u, v in zip(theta, move(theta))]
        history.append(cross_entropy(theta[0], theta[1:], X, y))
    return theta[0], theta[1:], history


def up(theta, X, y):
    d0, d = gradient(theta[0], theta[1:], X, y)
    return [v / len(X) for v in [d0, *d]]


def gradient_descent(X, y, steps, step_size):
    return run(X, y, steps, lambda theta: [step_size * v for v in up(theta, X, y)])


def newton(X, y, steps):
    return run(X, y, steps, lambda theta: eliminate(hessian(theta[0], theta[1:], X), up(theta, X, y)))


def predict(beta0, beta, X):
    return [1 if score(beta0, beta, x) > 0 else 0 for x in X]


def plot_convergence(gd_history, newton_history):
    plt.plot(list(gd_history), "k--", newton_history, "ks-")
    plt.legend(["gradiente", "metodo de Newton"])
    plt.xlabel("passo")
    plt.ylabel("perda")
