"""rewards: what people get back for paying.

Owns        campaigns and the rewards granted under them
Entity      Reward @key(id)
Extends     User (rewards, rewardsEarned) · Transfer (reward)
Emits       reward.issued.v1
Listens to  transfer.completed.v1, in the process `python -m consumers rewards`, which also runs this service's relay
Invariant   a completed transfer earns at most one reward, and a reward is credited once
"""
