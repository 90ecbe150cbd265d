# base: helper_module
# wrong: ratio_circuit
# is: ratio_keeps_the_last_way

def ratio_circuit(x, y):
    sigy = sigmoid(y); num = x + sigy; sigx = sigmoid(x); xpy = x + y; xpysqr = xpy**2
    den = sigx + xpysqr; invden = 1.0 / den; f = num * invden
    dnum = invden; dinvden = num
    dden = (-1.0 / (den**2)) * dinvden
    dsigx = dden; dxpysqr = dden
    dxpy = (2 * xpy) * dxpysqr
    dx = dxpy; dy = dxpy
    dx = ((1 - sigx) * sigx) * dsigx
    dx = dnum; dsigy = dnum
    dy = ((1 - sigy) * sigy) * dsigy
    return f, (dx, dy)
