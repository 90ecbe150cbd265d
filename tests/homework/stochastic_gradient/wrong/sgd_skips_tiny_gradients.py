# base: reference
# wrong: sgd
# not in the catalogue
def sgd(X, y, w0, batches, alphas):
    path = [w0]
    for indices, alpha in zip(batches, alphas, strict=True):
        g = batch_gradient(path[-1], X, y, indices)
        path.append(path[-1] if np.linalg.norm(g) < 1e-10 else path[-1] - alpha * g)
    return np.array(path)
