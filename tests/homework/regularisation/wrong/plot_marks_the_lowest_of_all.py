# base: reference
# fails: plot_marks_the_best_epoch
# not in the catalogue: looks for the lowest loss itself, beyond the epoch at which training stops


def plot_overfitting(train, valid, best):
    figure, axes = plt.subplots()
    axes.plot(train, label="training")
    axes.plot(valid, label="validation")
    axes.axvline(np.argmin(valid))
    axes.set(xlabel="epoch", ylabel="loss")
    axes.legend()
    return figure
