"""The registry service on real servers."""
