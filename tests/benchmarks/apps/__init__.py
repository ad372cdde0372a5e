"""The applications that are measured, each written as the users of its server would."""
