"""Files of every kind as pages, each with an account, or a notice that says why not.

In: files that nobody vouches for. Out: a `Rendition` each. Knows no case: packets and
`referrals stamp` prepare their files here.
"""
