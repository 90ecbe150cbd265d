# base: reference
# wrong: sgd
# not in the catalogue
import numpy as np


def sgd(X, y, w0, batches, alphas):
    path = [w0]
    for batch, alpha in zip(batches, alphas):
        A = X[batch].T @ X[batch] / len(batch)
        b = X[batch].T @ y[batch] / len(batch)
        path.append(np.linalg.solve(np.eye(len(w0)) + alpha * A, path[-1] + alpha * b))
    return np.array(path)
