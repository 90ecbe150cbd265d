# base: joined_bias
# wrong: plot_training
# not in the catalogue

def plot_training(history):
    fig, ax = plt.subplots()
    ax.plot(history)
    ax.set_xlabel('loss')
    ax.set_ylabel('epoch')
    return fig
