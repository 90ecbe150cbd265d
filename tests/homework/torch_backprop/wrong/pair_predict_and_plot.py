# base: sequential
# wrong: predict, plot_histories
# is: predict_in_training_mode

def predict(model, X):
    return model(X).argmax(1)


def plot_histories(histories):
    fig, ax = plt.subplots()
    for name in histories:
        ax.plot(histories[name][1:], label=name)
    ax.legend()
    return fig
