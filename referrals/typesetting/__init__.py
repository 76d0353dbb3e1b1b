"""Pages and Word documents drawn from templates.

In: HTML of the templates, or the blocks of a Word page. Out: PDF and `.docx` bytes.
It must not know cases.
"""
