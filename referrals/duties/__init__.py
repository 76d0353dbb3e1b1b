"""What the order asks of a record, and what a record still lacks.

In: a snapshot and a profile. Out: a status for each duty, with findings. Pure.
"""
