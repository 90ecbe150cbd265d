# not in the catalogue: the curve differs only where the zero-one loss is 1
# base: reference
# fails: plot_shows_every_loss, plot_names_the_losses


def plot_losses(ts):
    figure, axes = plt.subplots()
    for name in ["zero_one", "hinge", "logistic", "modified_huber", "exponential", "sigmoid"]:
        huber = np.where(ts >= -1, np.maximum(0, 1 - ts) ** 2, -4 * ts)
        axes.plot(ts, huber if name == "modified_huber" else loss(name, ts), label=name)
    axes.set(xlabel="margin", ylabel="loss", ylim=(-0.1, 4))
    axes.legend()
    return figure
