# not in the catalogue: the other axis
# base: reference
# fails: plot_is_logarithmic


def plot_validation(degrees, train_errors, valid_errors):
    fig, ax = plt.subplots()
    ax.semilogx(degrees, train_errors, label="train")
    ax.semilogx(degrees, valid_errors, label="valid")
    ax.legend()
    ax.set(xlabel="degree", ylabel="error")
    return fig
