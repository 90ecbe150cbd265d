# base: reference


NAMES = {
    "zero_one": r"Perte zéro-un",
    "hinge": r"Perte à charnière",
    "logistic": r"Perte logistique",
    "modified_huber": r"Perte de Huber modifiée",
    "exponential": r"Perte exponentielle",
    "sigmoid": r"Perte sigmoïde (lisse)",
}


def plot_losses(ts):
    fig, ax = plt.subplots()
    for name, label in NAMES.items():
        ax.plot(ts, loss(name, ts), label=label)
    ax.set(xlabel="t", ylabel="loss", ylim=(0, 1.5))
    ax.legend()
    return fig
