"""What is released: the student kit with its notebooks and wheel, and Gradescope's autograder."""
