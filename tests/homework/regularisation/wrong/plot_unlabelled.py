# base: reference
# fails: plot_labels_its_axes


def plot_overfitting(train, valid, best):
    fig, ax = plt.subplots()
    ax.plot(train, label="train")
    ax.plot(valid, label="valid")
    ax.axvline(best)
    ax.legend()
    return fig
