"""Showing that nothing was changed behind anybody's back: chains of facts, anchors, and commands that verify them."""
