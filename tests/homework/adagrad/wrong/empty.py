# fails: everything
# nothing yet
