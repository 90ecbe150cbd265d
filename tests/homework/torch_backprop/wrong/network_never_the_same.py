# base: weight_decay_of_groups
# fails: network_repeats_itself
# not in the catalogue

class Network(Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, torch.seed() % 2**31, dropout)
