# base: reference
# fails: plot_names_its_curves


def plot_overfitting(train, valid, best):
    fig, ax = plt.subplots()
    ax.plot(train, label="valid")
    ax.plot(valid, label="train")
    ax.axvline(best)
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    return fig
