"""matplotlib is imported in the trusted process when it is used, and then behaves as ever."""

from __future__ import annotations

import subprocess
import sys

import pytest

PREPARED = "import sys\nfrom grader.engine.deferred import defer_matplotlib\ndefer_matplotlib()\n"
DEFERRED = "assert 'matplotlib.figure' not in sys.modules\n"


def run(code: str) -> None:
    """In an interpreter of its own: this one may have matplotlib already."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARED + code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "imports",
    [
        "import matplotlib.pyplot as plt\n" + DEFERRED,
        "import matplotlib\nimport matplotlib.pyplot\n" + DEFERRED + "plt = matplotlib.pyplot\n",
        "import matplotlib as mpl\n"
        + DEFERRED
        + "mpl.use('Agg')\nfrom mpl_toolkits import mplot3d\n"
        "import matplotlib.pyplot as plt\n",
        "from matplotlib import pyplot as plt\n",
        "from matplotlib.colors import ListedColormap\nimport matplotlib.pyplot as plt\n",
        "import matplotlib.pyplot as plt\nfrom matplotlib.figure import Figure\n",
        "import matplotlib.pyplot as plt\nfrom matplotlib import cm\nassert cm.viridis\n",
    ],
)
def test_what_is_drawn_is_drawn_by_matplotlib(imports: str) -> None:
    run(
        imports + "figure, axes = plt.subplots()\n"
        "assert plt.gca() is axes\n"
        "import matplotlib\n"
        "assert isinstance(figure, matplotlib.figure.Figure)\n"
        "assert sys.modules['matplotlib.pyplot'].gca() is axes\n"
        "import matplotlib.colors\n"
        "assert type(axes.figure) is matplotlib.pyplot.Figure\n"
        "assert matplotlib.colors is matplotlib.pyplot.cm.colors\n"
        "assert matplotlib.colors is sys.modules['matplotlib.colors']\n"
        "assert matplotlib.colors.__spec__.origin == matplotlib.colors.__file__\n"
    )


def test_where_it_lies_is_known_without_it() -> None:
    """A fork server that is started again is told so."""
    run(
        "import importlib.util, inspect\n"
        "import matplotlib.pyplot as plt\n"
        "spec = importlib.util.find_spec('matplotlib')\n"
        "assert spec.submodule_search_locations[0].endswith('matplotlib')\n"
        "inspect.getmodule(inspect.currentframe())\n" + DEFERRED
    )


def test_what_is_there_already_stays() -> None:
    run("import matplotlib.pyplot as plt\nplt.gcf()\ndefer_matplotlib()\nplt.gcf()\n")
