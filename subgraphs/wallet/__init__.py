"""wallet: whose money it is, and that none appears or is lost.

Owns        accounts and their changes of status, the double-entry journal with its chained entries, holds, the first outcome of
            every idempotency key, the marks of the last audit
Entity      Wallet @key(id)
Extends     User (wallets, wallet)
Emits       nothing; who subscribes is rung up by hints
Listens to  nothing
Invariant   every journal's entries sum to zero; what an account holds is the fold of its entries, and never below its floor;
            what is written stays written
"""
