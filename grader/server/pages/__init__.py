"""The pages that everybody has: signing in, handing in, one's results and one's account."""
