"""The case record: its fields, its tables, its frozen snapshot, and the two ledgers.

In: validated values. Out: rows, and a `Snapshot` that nothing can change. It
must not know how a record arrives (intake) or what is made of it (packet).
"""
