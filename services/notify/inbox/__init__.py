"""Everybody's inbox: to-dos as review states them, and messages about what happened."""
