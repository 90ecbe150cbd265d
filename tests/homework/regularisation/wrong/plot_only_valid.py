# base: reference
# fails: plot_shows_both_curves, plot_names_its_curves


def plot_overfitting(train, valid, best):
    fig, ax = plt.subplots()
    ax.plot(valid, label="valid")
    ax.axvline(best)
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    return fig
