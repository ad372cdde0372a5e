"""More than one core: an app that computes, and the ways to serve it from many processes."""
