# base: vectorised
# wrong: solve


def solve(X, y, lam):
    from sklearn.linear_model import Ridge

    model = Ridge(alpha=lam).fit(X, y)
    return model.coef_, model.intercept_
