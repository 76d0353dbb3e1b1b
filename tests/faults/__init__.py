"""Faults: commands killed, disks full or read-only, eight builds at once; nothing is lost by it."""
