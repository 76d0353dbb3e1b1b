"""A delivery, read by someone who does not trust its writer.

In: a delivery's folder. Out: a verdict with findings. Nothing here knows how a
delivery is made: it imports the findings, the errors, pypdf and the standard
library, so that it is able to disagree with the writer.
"""
