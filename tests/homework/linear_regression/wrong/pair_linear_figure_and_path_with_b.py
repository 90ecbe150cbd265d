# base: vectorised
# fails: coefficient_path_example, coefficient_path, plot_has_a_logarithmic_axis
# is: path_with_b


def coefficient_path(X, y, lams):
    return np.array([np.append(*solve(X, y, lam)) for lam in lams])


def plot_path(lams, path):
    fig, ax = plt.subplots()
    ax.plot(lams, path)
    ax.set_xlabel("lambda")
    ax.set_ylabel("coefficient")
    return fig
