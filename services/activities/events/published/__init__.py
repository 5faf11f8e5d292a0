"""The facts that activities publishes, each with an example."""
