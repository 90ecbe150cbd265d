# fails: gradient_example, gradient_is_the_slope_of_quadratic, gradient
# says: The term Ax in the gradient and the term b in the gradient are multiplied by 1/d.
# No numpy in the arithmetic; plain floats and lists.
import math

import matplotlib.pyplot as plt


def quadratic(x, A, b):
    total = 0.0
    for i in range(len(x)):
        for j in range(len(x)):
            total = total + 0.5 * float(A[i][j]) * float(x[i]) * float(x[j])
        total = total - float(b[i]) * float(x[i])
    return total


def quadratic_gradient(x, A, b):
    g = []
    for i in range(len(x)):
        s = -float(b[i])
        for j in range(len(x)):
            s = s + float(A[i][j]) * float(x[j])
        g.append(s / len(x))
    return g


def gradient_descent(A, b, x0, step_size, steps):
    x = [float(t) for t in x0]
    path = [list(x)]
    k = 0
    while k < steps:
        g = quadratic_gradient(x, A, b)
        for i in range(len(x)):
            x[i] = x[i] - step_size * g[i]
        path.append(list(x))
        k = k + 1
    return path


def adagrad(A, b, x0, step_size, steps, eps):
    x = [float(t) for t in x0]
    v = [0.0] * len(x)
    path = [tuple(x)]
    for _ in range(steps):
        g = quadratic_gradient(x, A, b)
        for i in range(len(x)):
            v[i] += g[i] * g[i]
            x[i] -= step_size * g[i] / math.sqrt(v[i] + eps)
        path.append(tuple(x))
    return path


def solve(A, b):
    # Gaussian elimination with pivots
    n = len(b)
    M = [[float(A[i][j]) for j in range(n)] + [float(b[i])] for i in range(n)]
    for c in range(n):
        p = max(range(c, n), key=lambda r: abs(M[r][c]))
        M[c], M[p] = M[p], M[c]
        for r in range(c + 1, n):
            q = M[r][c] / M[c][c]
            for j in range(c, n + 1):
                M[r][j] -= q * M[c][j]
    x = [0.0] * n
    for r in range(n - 1, -1, -1):
        x[r] = (M[r][n] - sum(M[r][j] * x[j] for j in range(r + 1, n))) / M[r][r]
    return x


def steps_to_reach(path, A, b, gap):
    lowest = quadratic(solve(A, b), A, b)
    for k in range(len(path)):
        if quadratic(path[k], A, b) - lowest <= gap:
            return k
    return -1


def plot_comparison(A, b, gd_path, adagrad_path):
    plt.figure(figsize=(10, 5))
    plt.subplot(1, 2, 1)
    s = solve(A, b)
    xs = [p[0] for p in gd_path] + [p[0] for p in adagrad_path] + [s[0]]
    ys = [p[1] for p in gd_path] + [p[1] for p in adagrad_path] + [s[1]]
    gx = [min(xs) - 1 + (max(xs) - min(xs) + 2) * i / 40 for i in range(41)]
    gy = [min(ys) - 1 + (max(ys) - min(ys) + 2) * i / 40 for i in range(41)]
    plt.contour(gx, gy, [[quadratic((u, w), A, b) for u in gx] for w in gy], 25)
    plt.plot([p[0] for p in gd_path], [p[1] for p in gd_path], "r", label="GD")
    plt.plot([p[0] for p in adagrad_path], [p[1] for p in adagrad_path], "b", label="ADAGRAD")
    plt.plot([gd_path[0][0]], [gd_path[0][1]], "go", markersize=9)
    plt.plot([s[0]], [s[1]], "kx", markersize=9)
    plt.legend()
    plt.subplot(1, 2, 2)
    low = quadratic(s, A, b)
    plt.plot([quadratic(p, A, b) - low for p in gd_path], "r")
    plt.plot([quadratic(p, A, b) - low for p in adagrad_path], "b")
    plt.yscale("log")
