# base: float32
# fails: plot_training
# is: 
# not in the catalogue

def plot_training(history):
    fig, ax = plt.subplots()
    ax.set(xlabel="epoch", ylabel="loss")
    return fig
