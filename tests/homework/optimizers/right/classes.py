from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import matplotlib.pyplot as plt
import numpy as np


@dataclass
class Quadratic:
    A: np.ndarray
    b: np.ndarray

    def __call__(self, x):
        return x @ self.A @ x / 2 - self.b @ x

    def grad(self, x):
        return self.A.dot(x) - self.b

    @property
    def best(self):
        return np.linalg.solve(self.A, self.b)


class Optimizer(ABC):
    def __init__(self, step_size):
        self.step_size, self.t = step_size, 0

    @abstractmethod
    def update(self, g):
        raise NotImplementedError

    def project(self, x):
        return x

    def run(self, f, x0, steps):
        xs = [np.array(x0)]
        for _ in range(steps):
            self.t += 1
            xs.append(self.project(xs[-1] + self.update(f.grad(xs[-1]))))
        return np.vstack(xs)


class Momentum(Optimizer):
    def __init__(self, step_size, beta):
        super().__init__(step_size)
        self.beta, self.move = beta, 0.0

    def update(self, g):
        self.move = self.beta * self.move - self.step_size * g
        return self.move


class Mean:
    def __init__(self, beta):
        self.beta, self.total, self.weight = beta, 0.0, 0.0

    def add(self, value):
        self.total = self.beta * self.total + (1 - self.beta) * value
        self.weight = self.beta * self.weight + (1 - self.beta)

    @property
    def corrected(self):
        return self.total / self.weight


class RMSProp(Optimizer):
    def __init__(self, step_size, beta, eps):
        super().__init__(step_size)
        self.v, self.eps = Mean(beta), eps

    def update(self, g):
        self.v.add(g * g)
        return -self.step_size * g * (self.v.total + self.eps) ** -0.5


class Adam(RMSProp):
    corrected = True

    def __init__(self, step_size, beta1, beta2, eps):
        super().__init__(step_size, beta2, eps)
        self.m = Mean(beta1)

    def update(self, g):
        self.m.add(g)
        self.v.add(g * g)
        m, v = (self.m.corrected, self.v.corrected) if self.corrected else (self.m.total, self.v.total)
        return -self.step_size * m / np.sqrt(v + self.eps)


class Uncorrected(Adam):
    corrected = False


class FullAdagrad(Optimizer):
    def __init__(self, step_size, eps, d):
        super().__init__(step_size)
        self.M = eps * np.identity(d)

    def update(self, g):
        self.M += g[:, None] * g[None, :]
        U, s, Vt = np.linalg.svd(self.M, hermitian=True)
        return -self.step_size * (U / np.sqrt(s)) @ (Vt @ g)


class Projected(Momentum):
    radius = np.inf

    def project(self, x):
        return x / max(1.0, np.linalg.norm(x) / self.radius)


def heavy_ball(A, b, x0, step_size, beta, steps):
    return Momentum(step_size, beta).run(Quadratic(A, b), x0, steps)


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    return RMSProp(step_size, beta, eps).run(Quadratic(A, b), x0, steps)


def adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    return Adam(step_size, beta1, beta2, eps).run(Quadratic(A, b), x0, steps)


def adam_uncorrected(A, b, x0, step_size, beta1, beta2, eps, steps):
    return Uncorrected(step_size, beta1, beta2, eps).run(Quadratic(A, b), x0, steps)


def full_adagrad(A, b, x0, step_size, steps, eps):
    return FullAdagrad(step_size, eps, len(x0)).run(Quadratic(A, b), x0, steps)


def projected_descent(A, b, x0, step_size, steps, radius):
    method = Projected(step_size, 0.0)
    method.radius = radius
    return method.run(Quadratic(A, b), x0, steps)


class Rosenbrock:
    def __call__(self, x):
        return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2

    def residuals(self, x):
        return np.array([1 - x[0], 10 * (x[1] - x[0] ** 2)])

    def jacobian(self, x):
        return np.array([[-1.0, 0.0], [-20.0 * x[0], 10.0]])

    def grad(self, x):
        return 2 * self.jacobian(x).T @ self.residuals(x)

    def hess(self, x):
        J = self.jacobian(x)
        return 2 * J.T @ J + 2 * self.residuals(x)[1] * np.array([[-20.0, 0.0], [0.0, 0.0]])


r = Rosenbrock()
rosenbrock = r
rosenbrock_gradient = r.grad
rosenbrock_hessian = r.hess


def newton(x0, steps):
    path = [x0]
    while len(path) <= steps:
        path.append(path[-1] - np.linalg.inv(r.hess(path[-1])) @ r.grad(path[-1]))
    return path


def decayed_step(w, g, step_size, lam):
    shrink = 1 - step_size * lam
    return shrink * w - step_size * g


@dataclass
class Race:
    f: Quadratic
    paths: dict = field(default_factory=dict)

    def plane(self, ax):
        P = np.vstack(list(self.paths.values()) + [self.f.best])
        lo, hi = P.min(0) - 0.3, P.max(0) + 0.3
        X, Y = np.mgrid[lo[0] : hi[0] : 60j, lo[1] : hi[1] : 60j]
        Z = np.vectorize(lambda x, y: self.f(np.array([x, y])))(X, Y)
        ax.contour(X, Y, Z, levels=np.quantile(Z, np.linspace(0.02, 0.95, 12)), linewidths=0.5)
        for name, path in self.paths.items():
            ax.plot(*path.T, marker=".", label=name)
        ax.plot(*P[0], "o", mfc="none", mec="k", ms=12, label="x0")
        ax.plot(*self.f.best, "x", color="k", ms=12, mew=3, label="x*")
        ax.legend()

    def curves(self, ax):
        low = self.f(self.f.best)
        for name, path in self.paths.items():
            ax.plot([self.f(x) - low for x in path], label=name.lower())
        ax.set(yscale="log", xlabel="k", ylabel="f - f*")
        ax.legend()


def plot_race(A, b, paths):
    race = Race(Quadratic(A, b), paths)
    fig, (one, two) = plt.subplots(1, 2, figsize=(12, 5))
    race.plane(one)
    race.curves(two)
    return fig
