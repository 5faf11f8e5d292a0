"""The facts that registry publishes, each with an example."""
