"""Any exhibit made ready: opened safely, cleaned, flattened, made fit for archiving.

In: a file that nobody vouches for. Out: a `Rendition` with notices of all that was
changed. It must not know numbers.
"""
