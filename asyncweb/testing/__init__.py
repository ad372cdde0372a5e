"""A client for tests: an app is asked without a port, by the engine that will serve it."""
