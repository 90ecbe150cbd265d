"""What torch's errors mean: rows of the table of python_errors.py.

The texts are those of torch 2.6 to 2.13.
"""

from __future__ import annotations

# The error's type, a pattern for its text, and the explanation, in which {0}, {1} stand for groups.
TORCH_MEANINGS: tuple[tuple[str, str, str], ...] = (
    (
        "RuntimeError",
        r"does not require grad and does not have a grad_fn",
        "The loss does not depend on any parameter through torch: `.item()`, `.detach()`, `.data`, "
        "`.numpy()`, `torch.tensor(...)` or `torch.no_grad()` on the way to it cuts the graph.",
    ),
    (
        "RuntimeError",
        r"a (?:view of a )?leaf Variable that requires grad is being used in an in-place operation",
        "A parameter may not be changed in place while torch records what is computed with it: put "
        "the update into `with torch.no_grad():`.",
    ),
    (
        "RuntimeError",
        r"backward through the graph a second time",
        "Each `backward()` uses up the graph of its loss: compute the loss again in each step, and "
        "keep no tensor of the step before that still has its graph.",
    ),
    (
        "RuntimeError",
        r"modified by an inplace operation",
        "A value that `backward()` needs was changed by `+=`, `[...] =` or a method that ends in "
        "_: make a new tensor instead.",
    ),
    (
        "RuntimeError",
        r"grad can be implicitly created only for scalar outputs",
        "`backward()` starts from a single number: take the mean or the sum of the losses.",
    ),
    (
        "RuntimeError",
        r"Can't call numpy\(\) on Tensor that requires grad",
        "Only a result leaves the graph: `.detach().numpy()` where no gradient is needed any more.",
    ),
    (
        "RuntimeError",
        r"mat1 and mat2 shapes cannot be multiplied \((\d+x\d+) and (\d+x\d+)\)",
        "In A @ B, A must have as many columns as B has rows; here they are {0} and {1}. A Linear "
        "layer takes as many features as its first argument says.",
    ),
    (
        "RuntimeError",
        r"(?:must|to) have the same dtype, but got|expected scalar type (?:Float|Double)",
        "Two tensors have different dtypes: torch's own numbers are float32, and numpy's are "
        "float64. Use `.to(...)` to make them the same.",
    ),
    (
        "RuntimeError",
        r"Expected floating point type for target with class probabilities|"
        r"expected (?:scalar type|target dtype to be) Long",
        "`cross_entropy` takes labels as whole numbers of shape (n,); as one-hot rows, they must "
        "be floats.",
    ),
    (
        "IndexError",
        r"Dimension out of range .*but got (-?\d+)",
        "There is no dimension {0}: of a matrix 0 runs over the rows and 1 over the columns.",
    ),
    (
        "RuntimeError",
        r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at "
        r"non-singleton dimension (\d+)",
        "In dimension {2} one tensor has {0} entries and the other {1}: they must be equal, or one "
        "of them 1. `keepdim=True` keeps a dimension that a sum would remove.",
    ),
)
