"""Review's own narrow copies of the facts that it consumes."""
