# base: helper_module
# wrong: plot_training
# not in the catalogue

def plot_training(history):
    plt.plot(np.minimum.accumulate(history))
    plt.xlabel("epoch")
    plt.ylabel("loss")
