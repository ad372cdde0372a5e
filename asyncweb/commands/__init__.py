"""What `asyncweb COMMAND` does: a function for each command, named like it, thin."""
