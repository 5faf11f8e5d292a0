"""The facts that review publishes, and its own narrow copies of those it consumes: nothing is asked back."""
