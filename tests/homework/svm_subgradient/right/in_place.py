# changes its inputs in place, warns and prints: bad manners, right values
import warnings

import numpy as np
import matplotlib
matplotlib.use("TkAgg")
from matplotlib.pyplot import *

print("importing ...")
warnings.warn("this is only a warning")


def hinge_loss(t):
	t *= -1
	t += 1
	np.maximum(t, 0, out=t)
	return t


def _m(w, b, X, y):
	X *= y[:, None]
	return X @ w + b * y


def objective(w, b, X, y, C):
	print("objective of", len(y))
	loss = hinge_loss(_m(w, b, X.copy(), y)).sum()
	w **= 2
	return w.sum() * .5 + loss * C


def subgradient(w, b, X, y, C):
	m = _m(w, b, X, y)
	# signs: 1 inside, 1/2 at the kink, 0 outside
	a = (1 + np.sign(1 - m)) / 2
	w -= C * a @ X
	y *= a
	return w, -C * y.sum()


def fit(X, y, C, steps, step_size, schedule):
	a = dict([("constant", lambda k: 1), ("1/k", lambda k: k), ("1/sqrt(k)", np.sqrt)]).get(schedule)
	if a is None:
		raise ValueError
	w, b = np.zeros(X.shape[1]), 0.
	history = np.empty(steps + 1)
	history[0] = objective(w.copy(), b, X, y, C)
	keep = w.copy(), b
	for k in range(steps):
		gw, gb = subgradient(w.copy(), b, X.copy(), y.copy(), C)
		w -= step_size / a(k + 1) * gw
		b -= step_size / a(k + 1) * gb
		history[k + 1] = objective(w.copy(), b, X, y, C)
		if history[k + 1] < history[:k + 1].min():
			keep = w.copy(), b
	X[:] = 0
	return [keep[0], keep[1], history]


def margin(w):
	w *= w
	return 2 / w.sum() ** .5


def support_vectors(w, b, X, y, tol):
	m = _m(w, b, X, y)
	return tuple(i for i, v in enumerate(m) if v <= 1 + tol)


def plot_decision_boundary(w, b, X, y):
	close("all")
	figure()
	grid(True)
	for c, k in ((1, "s"), (-1, "D")):
		plot(X[y == c, 0], X[y == c, 1], k, label=str(c))
	x = np.array([X[:, 0].min(), X[:, 0].max()])
	lines = plot(x, np.array([(c - b - w[0] * x) / w[1] for c in (0, 1, -1)]).T, "k")
	on = [i for i in range(len(y)) if y[i] * (X[i] @ w + b) <= 1]
	scatter(X[on, 0], X[on, 1], s=200, facecolor="none", edgecolor="lime", zorder=5)
	xlabel("a"), ylabel("b"), legend()
	return lines
