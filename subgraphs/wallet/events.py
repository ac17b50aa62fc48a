"""Wallet emits nothing: who pays learns from the transfer, who is rewarded from the reward."""
