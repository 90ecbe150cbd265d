# base: sequential
# wrong: plot_histories
# not in the catalogue

def plot_histories(histories):
    fig, ax = plt.subplots()
    for name in histories:
        ax.plot(histories[name], label=name)
    ax.set_xlabel("epoch"); ax.set_ylabel("loss")
    return fig
