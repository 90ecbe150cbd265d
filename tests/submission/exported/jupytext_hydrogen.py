# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: hydrogen
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Demo
#
# Notes with `code`

# %%
%matplotlib inline
!pip install -q numpy \
    matplotlib
import numpy as np

# %%
%%time
def double(x):
    return 2 * x


# %%
%%capture out
%%time
import numpy as np

def total(x):
    text = 'a\nb'
    return float(np.sum(x))


# %%
%time seven = 3 + 4
files = !ls
np.sum?
%run helper.py

# %%
%%bash
for x in *; do echo $x; done

# %%
%%timeit
lost = 1

# %%
%%prun -q
kept = 1

# %%
%%writefile made.py
MADE = 5

# %%
if __name__ == '__main__':
    %time constant = 9
