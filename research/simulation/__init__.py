"""A seeded model of a pilot with made-up people, to plan one: the standard library alone, and nothing of real people.

docs/simulation.md has the model on one page and what it cannot say.
"""
