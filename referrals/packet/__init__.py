"""From a snapshot to a delivery: plan, number, render, assemble, deliver.

In: a `Snapshot`, the bytes of its evidence, a `Profile`. Out: a delivery
folder. Building asks neither the database nor the clock.
"""
