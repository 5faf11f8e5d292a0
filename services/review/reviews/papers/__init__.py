"""Papers of a review: the extract of the minutes and what each level said, as Word files."""
