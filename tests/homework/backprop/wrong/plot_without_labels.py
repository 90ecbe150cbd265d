# base: classes
# wrong: plot_training
# not in the catalogue

import matplotlib.pyplot as plt


def plot_training(history):
    fig, ax = plt.subplots()
    ax.plot(history)
    return fig
