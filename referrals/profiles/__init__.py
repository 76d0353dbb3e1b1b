"""What an office and a court require, as data.

In: profile files (TOML). Out: validated `Profile` values. It must not know any
case.
"""
