# base: reference
# fails: plot_is_logarithmic


def plot_validation(degrees, train_errors, valid_errors):
    fig, ax = plt.subplots()
    ax.plot(degrees, train_errors, label="train")
    ax.plot(degrees, valid_errors, label="valid")
    ax.legend()
    ax.set(xlabel="degree", ylabel="error")
    return fig
