# base: reference
# wrong: heavy_ball
# not in the catalogue
def heavy_ball(A, b, x0, step_size, beta, steps):
    path = [x0, x0]
    while len(path) < steps + 2:
        g = A @ path[-1] - b
        if np.linalg.norm(g) < 1e-12:
            path.append(path[-1])
        else:
            path.append(path[-1] - step_size * g + beta * (path[-1] - path[-2]))
    return np.array(path[1:])
