# base: scalar_loops
# wrong: gradient_error
# not in the catalogue

def gradient_error(params, X, y, name, lam, eps):
    a = backprop(params, X.copy(), y, name, lam)
    work = [(np.array(W, float), np.array(b, float)) for W, b in params]
    worst = 0.0
    for (W, b), (gW, gb) in zip(work, a):
        for T, G in ((W, np.asarray(gW)), (b, np.asarray(gb))):
            for idx in np.ndindex(*T.shape):
                keep = T[idx]
                T[idx] = keep + eps; fp = loss(work, X.copy(), y, name, lam)
                T[idx] = keep - eps; fm = loss(work, X.copy(), y, name, lam)
                T[idx] = keep
                n = (fp - fm) / (2 * eps)
                worst = max(worst, abs(G[idx] - n) / max(abs(G[idx]) + abs(n), 1e-8))
    return worst < 1e-5
