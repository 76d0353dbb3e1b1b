"""The way in: a case folder or a records system's export becomes a record taken in.

In: what a clerk has on disk. Out: a validated `CaseRecord` with its files, rows in
the database and evidence in the store, and findings in a clerk's words. It must
not know what a packet looks like.
"""
