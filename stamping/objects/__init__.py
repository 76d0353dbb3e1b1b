"""PDF objects and the bytes they are written in (ISO 32000-2 § 7).

In: the bytes of a file. Out: values, streams, cross references; and the way back. It
must not know pages.
"""
