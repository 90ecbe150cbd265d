import numpy as np
import matplotlib.pyplot as plt

print("max margin")


def multiclass_hinge(S, y):
    n = np.arange(len(y))
    right = S[n, y].copy()
    S[n, y] = -np.inf
    S += 1
    S -= right[:, None]
    return np.maximum(S.max(axis=1), 0)


def summed_hinge(S, y):
    n = np.arange(len(y))
    S -= S[n, y][:, None] - 1
    S[n, y] = 0
    S[S < 0] = 0
    return S @ np.ones(S.shape[1])


def objective(W, X, y, C):
    loss = multiclass_hinge(X @ W, y)
    W *= W
    return W.sum() / 2 + C * loss.sum()


def subgradient(W, X, y, C):
    S = X @ W
    n = np.arange(len(y))
    S[n, y] -= 1
    j = np.argmax(S, axis=1)
    for i in n:
        W[:, j[i]] += 0
    G = W
    np.add.at(G.T, j, C * X)
    np.add.at(G.T, y, -C * X)
    return G


def fit(X, y, W0, C, steps, step_size):
    history, kept = [], []
    for t in range(1, steps + 2):
        history.append(objective(W0.copy(), X, y, C))
        kept.append(W0.copy())
        W0 -= step_size / np.sqrt(t) * subgradient(W0.copy(), X, y, C)
    return np.array(kept)[np.argmin(history)], np.array(history)


preference_pairs = lambda q, r: [(i, j) for i in range(len(q)) for j in range(len(q)) if q[i] == q[j] and r[i] > r[j]]


def ranking_objective(w, Phi, q, r, C):
    s = Phi @ w
    return w @ w / 2 + C * np.sum([max(0, 1 - (s[i] - s[j])) for i, j in preference_pairs(q, r)])


def ranking_subgradient(w, Phi, q, r, C):
    s = Phi @ w
    for i, j in preference_pairs(q, r):
        if s[i] - s[j] < 1:
            w -= C * (Phi[i] - Phi[j])
    return w


def swapped_pairs(scores, q, r):
    return sum(not scores[i] > scores[j] for i, j in preference_pairs(q, r))


joint_feature = lambda x, y: np.kron(x, y)


def loss_augmented(w, x, y):
    v = w.reshape(len(x), len(y)).T @ x
    flip = 1 - 2 * v * y > 0
    y[flip] *= -1
    return y


def structured_objective(w, X, Y, lam):
    d = 0
    for x, y in zip(X, Y):
        z = loss_augmented(w, x, y.copy())
        d += (z != y).sum() - w @ (joint_feature(x, y) - joint_feature(x, z))
    return 0.5 * lam * (w**2).sum() + d / len(Y)


def structured_subgradient(w, X, Y, lam):
    Z = np.array([loss_augmented(w, x, y.copy()) for x, y in zip(X, Y)])
    Z -= Y
    return lam * w + (X.T @ Z).ravel() / len(X)


def plot_regions(W, X, y):
    fig, ax = plt.subplots()
    for c in np.unique(y):
        ax.scatter(X[y == c, 0], X[y == c, 1], marker=["o", "v", "D"][c], label=str(c))
    a, b = ax.get_xlim(), ax.get_ylim()
    gx, gy = np.meshgrid(np.linspace(*a, 110), np.linspace(*b, 110))
    G = np.c_[gx.ravel(), gy.ravel(), np.ones(gx.size)]
    ax.scatter(gx.ravel(), gy.ravel(), c=np.array(["C0", "C1", "C2"])[(G @ W).argmax(1)], s=3, alpha=0.4)
    ax.set_title("regions")
    fig.supxlabel("x1")
    fig.supylabel("x2")
    ax.legend()
    plt.show()
    return ax
