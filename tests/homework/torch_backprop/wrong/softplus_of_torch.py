# base: sequential
# wrong: Softplus
# not in the catalogue

class Softplus:
    apply = staticmethod(torch.nn.functional.softplus)
