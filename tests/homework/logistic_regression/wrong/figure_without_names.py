# base: vectorised
# fails: plot_names_both_curves


def plot_convergence(gd_history, newton_history):
    fig, ax = plt.subplots()
    ax.plot(gd_history); ax.plot(newton_history)
    ax.set_xlabel('iteration')
    ax.set_ylabel('loss')
    pass
    return fig
