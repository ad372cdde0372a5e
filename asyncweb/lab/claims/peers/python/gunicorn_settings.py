"""Settings of gunicorn that older versions have no option for; these skip what they do not know.

Rule: nothing is written outside the folder that a peer is given.
"""

control_socket_disable = True  # a socket in the user's home
