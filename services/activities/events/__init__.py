"""The facts that activities publishes, and its own narrow copies of those it consumes: nothing is asked back."""
