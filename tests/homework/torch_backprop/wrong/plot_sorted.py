# base: own_parameters
# wrong: plot_histories
# not in the catalogue

def plot_histories(histories):
    for name, values in histories.items():
        plt.plot(sorted(values, reverse=True), label=name)
    plt.xlabel("Epoch"); plt.ylabel("Loss"); plt.legend()
