"""Write half_moons.csv: two interleaved half-moons, 150 points each, with noise.

    python make_half_moons.py

The upper moon is the half circle (cos t, sin t), the lower one (1 - cos t, 1/2 - sin t), for t
drawn evenly from [0, pi]. Gaussian noise with standard deviation 0.15 is added to both
coordinates. The same seed gives the same file.
"""

from pathlib import Path

import numpy as np

SEED = 20261012
POINTS_PER_MOON = 150
NOISE = 0.15


def half_moons(seed: int) -> np.ndarray:
    """(300, 3): two coordinates and the moon, 0 or 1, in random order."""
    rng = np.random.default_rng(seed)
    t = rng.uniform(0, np.pi, size=(2, POINTS_PER_MOON))
    upper = np.column_stack([np.cos(t[0]), np.sin(t[0])])
    lower = np.column_stack([1 - np.cos(t[1]), 0.5 - np.sin(t[1])])
    points = np.concatenate([upper, lower])
    points += rng.normal(scale=NOISE, size=points.shape)
    moon = np.repeat([0.0, 1.0], POINTS_PER_MOON)
    return rng.permutation(np.column_stack([points, moon]))


if __name__ == "__main__":
    target = Path(__file__).with_name("half_moons.csv")
    np.savetxt(target, half_moons(SEED), fmt=["%.4f", "%.4f", "%d"], delimiter=",")
