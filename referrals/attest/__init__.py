"""Attestations: what a person attests to, the form to sign, the signed form back.

In: a snapshot and the profile's wording. Out: a `Statement` bound by its digest,
a form on paper, and whether what was signed is still what the record says. The
program never makes a signature.
"""
