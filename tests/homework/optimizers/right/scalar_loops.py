# Plain Python with lists: a coordinate at a time.
import math

import matplotlib.pyplot as plt


def grad(A, b, x):
    return [sum(float(A[i][j]) * x[j] for j in range(len(x))) - float(b[i]) for i in range(len(x))]


def heavy_ball(A, b, x0, step_size, beta, steps):
    path = [[float(v) for v in x0]]
    for k in range(steps):
        x = path[k]
        before = path[k - 1] if k > 0 else x
        g = grad(A, b, x)
        path.append([x[i] - step_size * g[i] + beta * (x[i] - before[i]) for i in range(len(x))])
    return path


def rmsprop(A, b, x0, step_size, beta, eps, steps):
    path = [[float(v) for v in x0]]
    v = [0.0] * len(path[0])
    for _ in range(steps):
        x = list(path[-1])
        for i, gi in enumerate(grad(A, b, path[-1])):
            v[i] = beta * v[i] + (1.0 - beta) * gi * gi
            x[i] -= step_size * gi / math.sqrt(v[i] + eps)
        path.append(x)
    return path


def _adam(A, b, x0, step_size, beta1, beta2, eps, steps, corrected):
    path = [[float(v) for v in x0]]
    m = [0.0] * len(path[0])
    v = [0.0] * len(path[0])
    p1 = p2 = 1.0
    for _ in range(steps):
        p1 *= beta1
        p2 *= beta2
        c1, c2 = (1 - p1, 1 - p2) if corrected else (1, 1)
        x = list(path[-1])
        for i, gi in enumerate(grad(A, b, path[-1])):
            m[i] += (1 - beta1) * (gi - m[i])
            v[i] += (1 - beta2) * (gi * gi - v[i])
            x[i] -= step_size * (m[i] / c1) / math.sqrt(v[i] / c2 + eps)
        path.append(x)
    return path


def adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    return _adam(A, b, x0, step_size, beta1, beta2, eps, steps, True)


def adam_uncorrected(A, b, x0, step_size, beta1, beta2, eps, steps):
    return _adam(A, b, x0, step_size, beta1, beta2, eps, steps, False)


def jacobi(M):
    """Eigenvalues and vectors of a symmetric matrix by rotations."""
    n = len(M)
    M = [row[:] for row in M]
    Q = [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(60):
        for p in range(n):
            for q in range(p + 1, n):
                if abs(M[p][q]) < 1e-300:
                    continue
                t = 0.5 * math.atan2(2 * M[p][q], M[q][q] - M[p][p])
                c, s = math.cos(t), math.sin(t)
                for k in range(n):
                    M[k][p], M[k][q] = c * M[k][p] - s * M[k][q], s * M[k][p] + c * M[k][q]
                for k in range(n):
                    M[p][k], M[q][k] = c * M[p][k] - s * M[q][k], s * M[p][k] + c * M[q][k]
                for k in range(n):
                    Q[k][p], Q[k][q] = c * Q[k][p] - s * Q[k][q], s * Q[k][p] + c * Q[k][q]
    return [M[i][i] for i in range(n)], Q


def full_adagrad(A, b, x0, step_size, steps, eps):
    path = [[float(v) for v in x0]]
    n = len(path[0])
    G = [[eps * (i == j) for j in range(n)] for i in range(n)]
    for _ in range(steps):
        g = grad(A, b, path[-1])
        for i in range(n):
            for j in range(n):
                G[i][j] += g[i] * g[j]
        s, Q = jacobi(G)
        c = [sum(Q[i][k] * g[i] for i in range(n)) / math.sqrt(s[k]) for k in range(n)]
        path.append(
            [path[-1][i] - step_size * sum(Q[i][k] * c[k] for k in range(n)) for i in range(n)]
        )
    return path


def projected_descent(A, b, x0, step_size, steps, radius):
    path = [[float(v) for v in x0]]
    for _ in range(steps):
        x = [xi - step_size * gi for xi, gi in zip(path[-1], grad(A, b, path[-1]))]
        length = math.sqrt(sum(v * v for v in x))
        if length > radius:
            x = [v / length * radius for v in x]
        path.append(x)
    return path


def rosenbrock(x):
    a, c = float(x[0]), float(x[1])
    return (1 - a) ** 2 + 100 * (c - a * a) ** 2


def rosenbrock_gradient(x):
    a, c = float(x[0]), float(x[1])
    return [2 * a - 2 - 400 * a * c + 400 * a**3, 200 * c - 200 * a * a]


def rosenbrock_hessian(x):
    a, c = float(x[0]), float(x[1])
    return [[2 - 400 * c + 1200 * a * a, -400 * a], [-400 * a, 200]]


def newton(x0, steps):
    path = [[float(x0[0]), float(x0[1])]]
    for _ in range(steps):
        g = rosenbrock_gradient(path[-1])
        (p, q), (_, r) = rosenbrock_hessian(path[-1])
        det = p * r - q * q
        path.append(
            [path[-1][0] - (r * g[0] - q * g[1]) / det, path[-1][1] - (p * g[1] - q * g[0]) / det]
        )
    return path


def decayed_step(w, g, step_size, lam):
    return [float(a) - step_size * (float(c) + lam * float(a)) for a, c in zip(w, g)]


def plot_race(A, b, paths):
    det = A[0][0] * A[1][1] - A[0][1] * A[1][0]
    best = ((A[1][1] * b[0] - A[0][1] * b[1]) / det, (A[0][0] * b[1] - A[1][0] * b[0]) / det)

    def f(x, y):
        return 0.5 * (A[0][0] * x * x + 2 * A[0][1] * x * y + A[1][1] * y * y) - b[0] * x - b[1] * y

    fig, (left, right) = plt.subplots(1, 2)
    xs = [-2.5 + 0.05 * i for i in range(80)]
    ys = [-2.0 + 0.05 * i for i in range(80)]
    left.contour(xs, ys, [[f(x, y) for x in xs] for y in ys], 15, cmap="Greys")
    for name, path in paths.items():
        left.plot([p[0] for p in path], [p[1] for p in path], label=name)
        right.plot([f(*p) - f(*best) for p in path], label=name)
        start = path[0]
    left.scatter(*start, marker="s", color="k", zorder=5)
    left.scatter(*best, marker="*", color="r", s=90, zorder=5)
    right.set_yscale("log")
    left.legend()
    right.legend()
    return fig
