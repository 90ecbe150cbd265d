"""What authors of homework use: a skeleton, validation, the demo class and the student kit."""
