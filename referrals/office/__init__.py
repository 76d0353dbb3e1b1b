"""What a clerk can ask of the office: one verb a function, plain values in and out.

In: settings and what the caller asks for. Out: values to show. Only here do the
database, the evidence store and the drawing of packets meet.
"""
