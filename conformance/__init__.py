"""Judging PDFs: does a file keep the standards that it claims to keep?

In: finished PDF files. Out: verdicts of veraPDF, qpdf and page-validation. It
shares no code with the engine whose output it judges.
"""
