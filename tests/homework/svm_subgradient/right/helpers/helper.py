class Rates:
    """An endless supply of step sizes."""

    KNOWN = {"constant": 0.0, "1/k": -1.0, "1/sqrt(k)": -0.5}

    def __init__(self, schedule, size):
        if schedule not in self.KNOWN:
            raise ValueError(f"{schedule} not in {sorted(self.KNOWN)}")
        self.power, self.size, self.k = self.KNOWN[schedule], size, 0

    def __iter__(self):
        return self

    def __next__(self):
        self.k += 1
        return self.size * self.k**self.power


def margins(w, b, X, y):
    return (X.dot(w) + b) * y
