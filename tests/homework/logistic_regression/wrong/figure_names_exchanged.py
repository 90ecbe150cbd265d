# base: vectorised
# fails: plot_names_both_curves


def plot_convergence(gd_history, newton_history):
    fig, ax = plt.subplots()
    ax.plot(gd_history, label='Newton'); ax.plot(newton_history, label='GD')
    ax.set_xlabel('iteration')
    ax.set_ylabel('loss')
    ax.legend()
    return fig
