"""wallet: whose money it is, and that none appears or is lost.

Owns        accounts, the double-entry journal with its entries, holds, the first outcome of every idempotency key
Entity      Wallet @key(id)
Extends     User (wallets, wallet)
Emits       nothing yet
Listens to  nothing
Invariant   every journal's postings sum to zero; what an account holds is the fold of its entries, and never below its floor
"""
