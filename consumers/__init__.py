"""The other end of the broker: a loop that hands each event, once in effect, to the service that listens to it.

runner.py    poll → deliver together, one by one where that fails → commit the offsets; waits out what passes, never skips
delivery.py  decode → seen before? → prepare → in one transaction: remember and handle
rewards.py, notifications.py   which events go to which use case of its service
broker.py    what a broker is to us; kafka.py and memory.py are two
"""
