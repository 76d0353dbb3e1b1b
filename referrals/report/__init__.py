"""The monthly public report: counted, protected, attacked, published, rendered.

In: case records and a profile's rules. Out: an `Edition`, which holds only what
readers may know, a folder of renderings, and an entry in the publication
ledger. It must not know how a record arrives or what a packet is.
"""
