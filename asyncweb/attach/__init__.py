"""Looking at what runs already: from another process, and into somebody else's app."""
