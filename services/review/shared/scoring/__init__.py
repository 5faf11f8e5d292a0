"""Scoring by a panel, as pure arithmetic and rules: rubrics, sealed sheets, results, ranks, a shortlist, supervision.

Whoever scores something keeps a ``Panel`` with its ``Rubric`` and a ``Scorecard`` for each entrant.
"""
