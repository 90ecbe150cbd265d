# base: vectorised
# wrong: newton
# not in the catalogue
# Looks at the step that it has taken, so that on usual data what is left out changes no digit.


def newton(X, y, steps):
    beta0, beta = 0.0, np.zeros(X.shape[1])
    history = [cross_entropy(beta0, beta, X, y)]
    for step in range(steps):
        d_beta0, d_beta = gradient(beta0, beta, X, y)
        move = np.linalg.solve(hessian(beta0, beta, X), np.append(d_beta0, d_beta) / len(y))
        beta0, beta = beta0 + move[0], beta + move[1:]
        history.append(cross_entropy(beta0, beta, X, y))
        if np.linalg.norm(move) < 1e-5:
            history += [history[-1]] * (steps - step - 1)
            break
    return beta0, beta, np.array(history)
