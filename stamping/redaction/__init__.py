"""Pages under bars, and the proof that nothing is left beneath them.

In: an assembled PDF and bars. Out: redacted pages, and what the proof found.
"""
