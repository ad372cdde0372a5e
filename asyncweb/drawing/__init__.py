"""Figures as people see them: words, small pictures, and what a notebook shows."""
