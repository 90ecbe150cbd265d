# fails: everything
