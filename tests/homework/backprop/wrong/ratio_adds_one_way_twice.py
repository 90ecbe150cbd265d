# base: helper_module
# wrong: ratio_circuit
# not in the catalogue

def ratio_circuit(x, y):
    sx, sy, q = sigmoid(x), sigmoid(y), x + y
    den = sx + q * q
    f = (x + sy) / den
    dden = -f / den
    dx = 2 / den + sx * (1 - sx) * dden + 2 * q * dden
    return f, (dx, sy * (1 - sy) / den + 2 * q * dden)
