"""A real load, made by a process of its own, and what it found."""
