# base: vectorised
# fails: plot_shows_both_histories, plot_names_both_curves
# not in the catalogue


def plot_convergence(gd_history, newton_history):
    fig, ax = plt.subplots()
    ax.plot(gd_history - gd_history.min(), label='GD'); ax.plot(newton_history - newton_history.min(), label='Newton')
    ax.set_xlabel('iteration')
    ax.set_ylabel('loss')
    ax.legend()
    return fig
