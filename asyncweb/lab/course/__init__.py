"""The course as a whole: its notebooks built, checked, listed and run."""
