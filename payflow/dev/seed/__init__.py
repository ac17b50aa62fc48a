"""`payflow seed`: a small believable world, told to the public API as its people would, so that a new platform has something to show.

Everything is stamped with the time at which it happens. The ledger takes its time from the database and from nobody else, in the same
function that writes the entries: a way to tell it another would be a way to forge the books, so there is none (docs/seed.md).
"""
