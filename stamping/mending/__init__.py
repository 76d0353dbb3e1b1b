"""What can be fixed in a finished PDF: labels, outline, boxes, the size of pictures.

In: a PDF and what is wanted. Out: a PDF, and a list of what was changed.
"""
