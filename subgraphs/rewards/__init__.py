"""rewards: what people get back for paying.

Owns        campaigns in versions, the rewards granted under them, what goes back of them, and what caps and budgets have left
Entity      Reward @key(id)
Extends     User (rewards, rewardsEarned) · Transfer (reward)
Emits       reward.issued.v1, reward.clawed_back.v1
Listens to  transfer.completed.v1, transfer.refunded.v1, in the process `python -m consumers rewards`, which also pays what was granted
            and runs this service's relay
Invariant   a completed transfer earns at most one reward, and a reward is credited once; caps and budgets are never exceeded; no more
            goes back of a reward than it was, and all of it when all of its transfer has gone back
"""
