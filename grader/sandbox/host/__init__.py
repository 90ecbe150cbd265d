"""The trusted side of the sandbox: starts workers, asks them, and judges how they ended."""
