"""What leaves the teacher's hands: the class's folder, and autograders for three platforms."""
