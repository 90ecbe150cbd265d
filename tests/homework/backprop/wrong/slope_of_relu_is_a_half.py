# base: classes
# fails: activation_gradient
# is: 
# not in the catalogue

class HalfRelu(Relu):
    def slope(self, a):
        return np.where(a > 0, 0.5, 0.0)


_KNOWN["relu"] = HalfRelu()
