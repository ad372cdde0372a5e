"""What the servers cost beside others: `python -m tests.benchmarks`."""
