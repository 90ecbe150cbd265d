"""The public checks in a page of the browser: what its worker runs, in a Python of its own."""
