"""What every service stands on: money, ids, time, errors, settings, the database, outbox and inbox, tokens, hints, logs, metrics.

Entry ticket: several services need it, and it names no business noun beyond Money. Imports nothing of ours.
"""
