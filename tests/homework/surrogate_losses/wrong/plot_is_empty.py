# not in the catalogue: nothing in it
# base: reference
# wrong: plot_losses

def plot_losses(ts):
    fig, ax = plt.subplots()
    ax.set(xlabel="t", ylabel="loss")
    return fig
