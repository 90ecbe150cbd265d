"""The walls around student code: namespaces, Landlock, seccomp, and the jailed fork server."""
