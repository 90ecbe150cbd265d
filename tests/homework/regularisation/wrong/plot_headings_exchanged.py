# base: reference
# fails: plot_names_its_curves


def plot_overfitting(train, valid, best):
    fig = plt.figure()
    both = {"Validation set": train, "Training set": valid}
    for part, (name, losses) in zip(fig.subfigures(1, 2), both.items()):
        part.suptitle(name)
        ax = part.subplots()
        ax.plot(losses)
        ax.axvspan(best - 0.4, best + 0.4, ymax=0.5, color="0.8")
        ax.set(xlabel="epoch", ylabel="loss")
    return fig
