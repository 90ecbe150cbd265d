# not in the catalogue: documents next to each other in the order of the grades
# base: reference
# wrong: preference_pairs

def preference_pairs(q, r):
    order = np.argsort(-r, kind='stable')
    found = [(i, j) for i, j in zip(order, order[1:]) if q[i] == q[j] and r[i] > r[j]]
    return np.array(found, int).reshape(-1, 2)
