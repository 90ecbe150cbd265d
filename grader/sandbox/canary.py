"""x"""


def report(rpc, order):
    rpc.sendall(b"{}")
