"""What all apps agree on. Nothing else is loaded with it: their starts are measured."""

WAIT_S = 0.010
LARGE_BYTES = 64 * 1024
