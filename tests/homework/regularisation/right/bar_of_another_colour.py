# base: reference


def plot_overfitting(train, valid, best):
    fig, ax = plt.subplots()
    epochs = np.arange(len(train))
    ax.plot(train, label="train")
    ax.bar(epochs, valid, color=["C3" if e == best else "0.8" for e in epochs], label="valid")
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    return fig
