# base: float32
# wrong: plot_training
# not in the catalogue

def plot_training(history):
    fig, ax = plt.subplots()
    ax.set(xlabel="epoch", ylabel="loss")
    return fig
