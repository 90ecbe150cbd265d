# base: reference
# fails: plot_labels_its_axes


def plot_validation(degrees, train_errors, valid_errors):
    fig, ax = plt.subplots()
    ax.semilogy(degrees, train_errors, label="train")
    ax.semilogy(degrees, valid_errors, label="valid")
    ax.legend()
    return fig
