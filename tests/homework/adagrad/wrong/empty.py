# fails:
# nothing yet
