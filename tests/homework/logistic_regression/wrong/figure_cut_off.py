# base: vectorised
# fails: plot_shows_both_histories, plot_names_both_curves


def plot_convergence(gd_history, newton_history):
    fig, ax = plt.subplots()
    m = len(newton_history); ax.plot(gd_history[:m], label='GD'); ax.plot(newton_history, label='Newton')
    ax.set_xlabel('iteration')
    ax.set_ylabel('loss')
    ax.legend()
    return fig
