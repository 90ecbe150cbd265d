import marimo
app = marimo.App()
with app.setup:
    A = 1
@app.cell
def _(late):
    used = late + 1
    return
@app.cell
def _():
    late = A + 1
    if __name__ == "__main__":
        under_main = 1
    def inner_fn():
        return late
    for loop_var in range(2):
        pass
    _tmp = 5
    import os as renamed
    return
@app.cell
def _():
    x = 1
    x2 = x
    x
    return
@app.cell(disabled=True)
def _():
    off = 1
    return
@app.cell
async def _():
    import asyncio
    await asyncio.sleep(0)
    awaited = 1
    return
@app.cell
def _():
    boom = 1
    return
@app.cell
def _(boom):
    after = boom
    return
@app.function
def double(x):
    return 2*x
if __name__ == "__main__":
    app.run()
