"""Evaluating what people wrote into rules, in child processes that may be killed at any moment."""
