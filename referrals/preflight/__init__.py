"""Every reason for which a court would send files back, found on the final bytes.

In: files to be filed and a court's rules. Out: findings in the court's words, and
mended copies. It must not know how the files were made.
"""
