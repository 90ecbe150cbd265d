"""What is handed in in a platform (LTI Asset Processor): fetched, handed in here, reported on."""
