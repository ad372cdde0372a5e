"""The live view: what servers do under load, side by side, in a terminal or a notebook."""
