"""users: who people are, and that it is really them.

Owns        people, their password hashes, their sessions
Entity      User @key(id) @key(handle)
Extends     nothing
Emits       user.registered.v1, session.revoked.v1
Listens to  nothing
Invariant   an e-mail address and a handle each belong to one person, whatever their letter case;
            of a session's refresh tokens one at most is unused, and the second use of another ends the session
"""
