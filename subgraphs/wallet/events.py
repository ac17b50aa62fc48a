"""Wallet emits nothing yet: who pays learns from the transfer, who is rewarded from the reward."""
