"""Pages as a reader sees them: boxes, text, ink, digests.

In: a page's objects. Out: values in points, upright, origin bottom left. It must not
know what becomes of a page.
"""
