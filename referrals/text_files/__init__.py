"""Text files, mail and Word documents taken apart: nothing of them lost, all of it counted.

In: a file that nobody vouches for. Out: a `WrittenForm` for pages, with an account of what
the file holds. It must not know cases, and is to be called in a worker process.
"""
