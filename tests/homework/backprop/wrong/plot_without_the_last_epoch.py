# base: generators
# wrong: plot_training
# not in the catalogue

def plot_training(history):
    fig, ax = plt.subplots()
    ax.plot(history[:-1])
    ax.set_xlabel('epoch')
    ax.set_ylabel('loss')
    return fig
