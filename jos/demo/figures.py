"""The figures of the source: the page "Jeugdhulp op school in cijfers", Holland Rijnland, first half of 2022."""

from decimal import Decimal

PUPILS = 1611
"""HR-20."""
RECIPIENTS = 412
"""HR-21."""
STRUCTURAL = 358
"""87% of the recipients (HR-22); the integer that adds up with `INCIDENTAL` (1.5.3)."""
INCIDENTAL = 54
"""13% of the recipients (HR-23)."""
INDIVIDUAL = 194
"""47% of the recipients (HR-24)."""
FTE = Decimal("13.76")
"""HR-25."""
REPORTING = 11
"""Schools that delivered (HR-19)."""
EXPECTED = 15
"""Schools in the programme (HR-05)."""
BY_TYPE = {"SBO": 4, "SO": 5, "VSO": 5, "SO_VSO": 1}
"""Counted from the list of schools (1.5.1): the chart itself cannot be read."""
PARTICIPATING = 9
"""Municipalities in the programme (HR-26)."""
HOSTING = 7
"""Municipalities with a school of the programme, counted from the list."""
PROVIDERS = 5
"""HR-27."""
REACH = Decimal("25.6")
"""Percentage of the pupils; derived, not printed in the source (1.5.3)."""
