"""HR as registry mirrors it: feeds, runs, the mirror, and proposals that a person confirms."""
