"""A real database for the article's page: users, two drivers each way, pools, and the handlers."""
