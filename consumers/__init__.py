"""The other end of the broker: a loop that hands each event, once in effect, to the service that listens to it.

runner.py    poll → deliver together, one by one where that fails → commit the offsets
lanes.py     one by one: what passes is tried a few times and parked, what does not is buried; never skips
redriver.py  tries what is parked again, with back-off, key by key in order; until it is handled or given up
replaying.py goes back in a topic where an operator asks for it
delivery.py  decode → in one transaction: remember and handle → follow up
rewards.py, notifications.py   which events go to which use case of its service
groups.py    which groups there are, and what each reads; lag.py, how far one is behind; lag_gauges.py, what a member says of that
broker.py    what a broker is to us; kafka.py and memory.py are two
"""
