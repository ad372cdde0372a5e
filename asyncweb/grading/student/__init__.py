"""The student's side of the exercises: what `asyncweb watch` and its neighbours show and keep.

Rule: a student's file is read and run, and never lost; what they have reached is kept at once.
"""
