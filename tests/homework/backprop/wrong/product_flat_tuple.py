# base: joined_bias
# wrong: product_circuit
# not in the catalogue

def product_circuit(x, y, z):
    return (x + y) * z, z, z, x + y
