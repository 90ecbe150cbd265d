"""Which platforms are connected, which of their courses is ours, and who their people are here."""
