"""The article's snippets as they should be, one App each, and the App that the probes ask."""
