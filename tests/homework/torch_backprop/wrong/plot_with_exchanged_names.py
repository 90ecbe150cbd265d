# base: sequential
# wrong: plot_histories
# not in the catalogue

def plot_histories(histories):
    fig, ax = plt.subplots()
    for name, values in zip(reversed(histories), histories.values()):
        ax.plot(values, label=name)
    ax.set_xlabel("epoch"); ax.set_ylabel("loss"); ax.legend()
    return fig
