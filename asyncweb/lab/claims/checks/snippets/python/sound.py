"""No fault: what shows that the interpreter works.

Rule: it says "sound".
"""

if __name__ == "__main__":
    print("sound")
