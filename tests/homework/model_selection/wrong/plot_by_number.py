# base: reference
# fails: plot_shows_both_curves, plot_is_logarithmic, plot_names_its_curves


def plot_validation(degrees, train_errors, valid_errors):
    fig, ax = plt.subplots()
    ax.semilogy(train_errors, label="train")
    ax.semilogy(valid_errors, label="valid")
    ax.legend()
    ax.set(xlabel="degree", ylabel="error")
    return fig
