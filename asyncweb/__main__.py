"""python -m asyncweb is the command line."""

from asyncweb.cli import main

if __name__ == "__main__":
    main()
