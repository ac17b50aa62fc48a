"""Notifications refuses nothing of its own: it has no commands yet, and what it is told has already happened."""
