"""The embedded stack: real servers and the platform's processes, started, supervised and stopped on one machine."""
