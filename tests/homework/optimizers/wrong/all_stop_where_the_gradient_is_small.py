# base: reference
# wrong: heavy_ball, rmsprop, adam, adam_uncorrected, full_adagrad, projected_descent
# may say: ...
# not in the catalogue


def stopping(rule):
    def stopped(A, b, *arguments):
        path = rule(A, b, *arguments)
        for k in range(len(path)):
            if np.linalg.norm(A @ path[k] - b) < 1e-6:
                path[k:] = path[k]
        return path

    return stopped


heavy_ball, rmsprop, adam = stopping(heavy_ball), stopping(rmsprop), stopping(adam)
adam_uncorrected, full_adagrad = stopping(adam_uncorrected), stopping(full_adagrad)
projected_descent = stopping(projected_descent)
