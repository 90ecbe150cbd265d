# base: helper_module
# wrong: ratio_circuit

def ratio_circuit(x, y):
    sx, sy, q = sigmoid(x), sigmoid(y), x + y
    den = sx + q * q
    f = (x + sy) / den
    dden = f / den
    return f, (1 / den + dden * sx * (1 - sx) + q * dden, sy * (1 - sy) / den + q * dden)
