"""The commands of `python -m router`, one a module.

Each imports what it runs when it runs: `--help` and `compose` need no server, and five routers may be starting at once.
"""
