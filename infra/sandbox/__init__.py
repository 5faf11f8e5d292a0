"""Strangers' bytes and expressions are worked on in limited child processes that may be killed at any moment."""
