# base: joined_bias
# fails: product_circuit
# is: 
# not in the catalogue

def product_circuit(x, y, z):
    return (x + y) * z, z, z, x + y
