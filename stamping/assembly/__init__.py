"""Parts put together into one numbered PDF, with tags, links, outline and labels.

In: `Part`s and an `Order`. Out: an `Assembly`.
"""
