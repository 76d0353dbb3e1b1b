"""The delivery folder: volumes, originals, load files, and what checks them.

In: the assembled volumes and the evidence. Out: a BagIt folder. It must not know
the database nor who asked for it.
"""
