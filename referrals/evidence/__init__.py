"""Evidence: its bytes kept, its digests taken, its recordings read, its custody followed.

In: files and the record's words about them. Out: values that prove what a file
is and findings where that cannot be proven. It must not know packets.
"""
