"""What goes to a court: the packet's pages, redacted, divided and described.

In: a `DrawnPacket`, the clerk's redactions, a court's profile. Out: a folder of files
ready for filing. It must not know the database.
"""
