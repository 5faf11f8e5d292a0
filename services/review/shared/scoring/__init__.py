"""Scoring by a panel, as pure arithmetic and rules: rubrics, sealed sheets, results, ranks, a shortlist, supervision.

It knows no HTTP, no database and no review: whoever scores something (a step of a review, a campaign of many entrants)
keeps a ``Panel``, one ``Scorecard`` for each entrant and a ``Rubric``, and calls these functions with them.
"""
