"""Faults on purpose: real processes are killed, frozen and cut off; what they said is held against what they did."""
