# base: classes
# wrong: activation_gradient
# not in the catalogue

class HalfRelu(Relu):
    def slope(self, a):
        return np.where(a > 0, 0.5, 0.0)


_KNOWN["relu"] = HalfRelu()
