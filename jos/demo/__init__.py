"""The demo: Holland Rijnland's first half year, through the public APIs, until the page comes out.

What is from the source says so; what is synthetic (codes, the spread over schools, every event) is recognisably so.
No pupil, worker or event in here exists.
"""
