# base: scalar_loops
# wrong: activation
# not in the catalogue

G["relu"] = lambda a: min(max(a, 0.0), 6.0)
