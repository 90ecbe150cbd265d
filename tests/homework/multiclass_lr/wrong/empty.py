# fails: everything

