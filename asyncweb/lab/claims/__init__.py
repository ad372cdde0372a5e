"""The article on trial: each of its claims, measured here, against the systems that it names.

Rule: what decides a claim is written down before anything is measured; what could not be measured
is a row that says why, and never a number.
"""
