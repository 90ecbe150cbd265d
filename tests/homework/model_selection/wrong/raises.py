# fails: everything

raise RuntimeError('not today')
