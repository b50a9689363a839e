"""Faults done to a library from outside, and what it promises to hold against them.

    python -m benchmarks.faults [--kills N] [--seconds N] [--seeds N] [--only NAME] [--json FILE]

The library is used by its commands alone, as a user does. What it holds is then read by a process of its
own with sqlite3 and chromadb, from a copy, and compared with a library that nothing was done to.
"""
