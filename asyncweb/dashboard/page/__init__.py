"""The live view as a web page, for the projector and the phones of a class."""
