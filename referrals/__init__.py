"""Referral packets: from a case record and its evidence to a delivery anyone can check.

The packages are the steps of the way, lowest first: `records` and `filing`;
`evidence` and `attest`; `intake`; `packet`. An import only ever points to a
lower step, or to the PDF engine in `stamping`.
"""

__version__ = "0.1.0"
