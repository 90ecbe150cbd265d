# base: reference
# fails: plot_marks_the_best_epoch


def plot_overfitting(train, valid, best):
    fig, ax = plt.subplots()
    ax.plot(train, label="train")
    ax.plot(valid, label="valid")
    ax.axvline(best + 1)
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    return fig
