"""The experiments behind the notebooks and the demo."""
