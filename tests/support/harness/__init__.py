"""What the tests stand on: servers of their own, environments on them, and services that run there."""
