# not in the catalogue: axes exchanged
# base: reference
# fails: plot_shows_both_curves, plot_is_logarithmic, plot_names_its_curves


def plot_validation(degrees, train_errors, valid_errors):
    fig, ax = plt.subplots()
    ax.plot(train_errors, degrees, label="train")
    ax.plot(valid_errors, degrees, label="valid")
    ax.set_yscale("log")
    ax.legend()
    ax.set(xlabel="degree", ylabel="error")
    return fig
