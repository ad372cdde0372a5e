"""Load generators that are measured beside ours: each asks for a while and tells what it did."""
