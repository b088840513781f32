"""Benchmarks: `python -m benchmarks` runs the quick set, `python -m benchmarks NAME --full` one of them in full.

They are never timed tests: what they print is for people, and the tests only check that each of them runs.
"""
