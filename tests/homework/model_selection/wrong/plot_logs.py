# base: reference
# fails: plot_shows_both_curves, plot_is_logarithmic, plot_names_its_curves


def plot_validation(degrees, train_errors, valid_errors):
    fig, ax = plt.subplots()
    ax.plot(degrees, np.log(train_errors), label="train")
    ax.plot(degrees, np.log(valid_errors), label="valid")
    ax.legend()
    ax.set(xlabel="degree", ylabel="error")
    return fig
