# fails: everything

1 / 0
