"""What platforms and this server say to each other: addresses, keys, tokens, claims, services."""
