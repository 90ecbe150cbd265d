# base: reference


def plot_overfitting(train, valid, best):
    fig, ax = plt.subplots()
    ax.plot(train, label="train loss")
    ax.plot(valid, label="validation loss")
    ax.fill_betweenx([0, max(valid)], best - 0.3, best + 0.3, color="y", alpha=0.5)
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend()
    return fig
