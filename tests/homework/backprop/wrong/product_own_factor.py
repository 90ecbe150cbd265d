# base: classes
# wrong: product_circuit
# is: product_with_its_own_factor

def product_circuit(x, y, z):
    q = x + y
    return q * z, (z, z, z)
