# not in the catalogue: one name for both
# base: reference
# fails: plot_names_its_curves


def plot_validation(degrees, train_errors, valid_errors):
    fig, ax = plt.subplots()
    ax.semilogy(degrees, train_errors, label="error")
    ax.semilogy(degrees, valid_errors, label="error")
    ax.legend()
    ax.set(xlabel="degree", ylabel="error")
    return fig
