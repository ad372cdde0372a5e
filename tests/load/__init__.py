"""A siege: good clients are served rightly while bad ones misbehave in all known ways."""
