"""The commands by what they are about; `cli.py` gathers them.

In: words of a command line. Out: printed values and an exit code. A command parses,
calls one function and prints what came of it; it imports that function when it runs,
so that `--help` answers at once.
"""
