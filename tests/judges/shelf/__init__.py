"""The collections: one module each, which reads foreign fixtures as data and yields Cases.

Rule: no line and no byte of a collection is kept here; its files come from where `sources` says.
"""
