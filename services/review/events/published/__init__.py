"""The facts that review publishes, each with an example."""
