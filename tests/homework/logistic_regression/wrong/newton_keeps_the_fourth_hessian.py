# not in the catalogue: the Hessian is taken anew at four iterates only
# base: reference
# wrong: newton

def newton(X, y, steps):
    beta0, beta = 0.0, np.zeros(X.shape[1])
    history = [cross_entropy(beta0, beta, X, y)]
    for t in range(steps):
        g0, g = gradient(beta0, beta, X, y)
        H = hessian(beta0, beta, X) if t < 4 else H
        step = np.linalg.solve(H, np.append(g0, g) / len(y))
        beta0, beta = beta0 + step[0], beta + step[1:]
        history.append(cross_entropy(beta0, beta, X, y))
    return beta0, beta, np.array(history)
