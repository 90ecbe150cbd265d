"""What the rest of the package shares and nobody outside of it needs: files, text, time, zips."""
