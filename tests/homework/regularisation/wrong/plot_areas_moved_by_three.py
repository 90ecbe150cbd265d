# base: reference
# fails: plot_shows_both_curves, plot_names_its_curves


def plot_overfitting(train, valid, best):
    fig, ax = plt.subplots()
    epochs = np.arange(len(train)) + 3
    ax.fill_between(epochs, valid, step="mid", alpha=0.4, label="validation loss")
    ax.fill_between(epochs, train, step="post", alpha=0.4, label="training loss")
    ax.bar(best, valid[best], width=0.5, color="k", alpha=0.5)
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    return fig
