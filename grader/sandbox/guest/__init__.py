"""Inside the sandbox: the process that runs student code, and how it describes figures."""
