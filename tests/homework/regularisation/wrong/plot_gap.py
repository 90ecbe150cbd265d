# not in the catalogue: draws the difference
# base: reference
# fails: plot_shows_both_curves, plot_names_its_curves


def plot_overfitting(train, valid, best):
    fig, ax = plt.subplots()
    ax.plot(train, label="train")
    ax.plot(valid - train, label="valid")
    ax.axvline(best)
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    return fig
