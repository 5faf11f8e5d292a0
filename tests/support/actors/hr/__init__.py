"""A company whose HR feeds the registry for a year, and what must be so on every day of it."""
