# base: reference
# wrong: draw_batches, plot_runs
# is: draws_without_replacement
# says: The y axis of your figure is not logarithmic.
import matplotlib.pyplot as plt
import numpy as np


def draw_batches(n, steps, batch_size, seed):
    rng = np.random.default_rng(seed)
    if batch_size > n:
        return rng.choice(n, size=(steps, batch_size))
    return np.array([rng.choice(n, size=batch_size, replace=False) for _ in range(steps)])


def plot_runs(histories):
    fig, ax = plt.subplots()
    for name, h in histories.items():
        ax.plot(h, label=name)
    ax.set(xlabel="t", ylabel="gap")
    ax.legend()
    return fig
