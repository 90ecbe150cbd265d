# base: dataclasses
# wrong: Power, Sum
# is: power_of_absolute, sum_is_mean

Power = make("Power", lambda a, n: np.abs(a) ** n, lambda g, y, a, n: (g * n * np.float_power(a, n - 1),), 1)
Sum = make("Sum", np.mean, lambda g, y, a: (np.full(np.shape(a), g),))
