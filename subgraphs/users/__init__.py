"""users: who people are, and that it is really them.

Owns        people, their password hashes, their sessions
Entity      User @key(id) @key(handle)
Extends     nothing
Emits       nothing yet
Listens to  nothing
Invariant   an e-mail address and a handle each belong to one person, whatever their letter case
"""
