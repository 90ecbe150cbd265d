# base: helper_module
# fails: plot_training
# is: 
# not in the catalogue

def plot_training(history):
    plt.plot(np.minimum.accumulate(history))
    plt.xlabel("epoch")
    plt.ylabel("loss")
