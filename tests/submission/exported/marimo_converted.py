import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def _():
    import marimo as mo

    return (mo,)


@app.cell(hide_code=True)
def _(mo):
    mo.md(r"""
    # Demo
    """)
    return


@app.cell
def _():
    import numpy as np
    SCALE = 2
    return SCALE, np


@app.cell
def _(ONE, np):
    def total(x):
        return float(np.sum(x)) * ONE

    return


@app.cell
def _():
    ONE = len([1])
    for i in range(2):
        last = i
    return (ONE,)


@app.cell
def _(SCALE):
    def double(x):
        text = '''
    at the margin
    '''
        return SCALE * x

    return


@app.class_definition
class Box:
    n = 1


@app.cell
def _():
    import matplotlib.pyplot as plt
    plt.plot([1, 2])
    plt.gcf()
    return


if __name__ == "__main__":
    app.run()
