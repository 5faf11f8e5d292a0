"""Organisations, people and rosters as of any day: pure."""
