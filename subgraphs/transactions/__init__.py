"""transactions: how money gets from one person to another.

Owns        transfers and their sagas: what is intended, what has happened, what comes next
Entity      Transfer @key(id)
Extends     User (transfers)
Calls       wallet (holds), users (handles)
Emits       transfer.completed.v1, transfer.failed.v1
Listens to  nothing
Invariant   a command moves money once or not at all, whatever crashes, repeats or gets lost on the way
"""
