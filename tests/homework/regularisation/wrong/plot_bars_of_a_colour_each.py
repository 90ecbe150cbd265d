# base: reference
# fails: plot_marks_the_best_epoch


def plot_overfitting(train, valid, best):
    fig, ax = plt.subplots()
    epochs = np.arange(len(train))
    ax.plot(train, label="train")
    ax.bar(epochs, valid, color=plt.cm.viridis(epochs / 24), label="valid")
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    return fig
