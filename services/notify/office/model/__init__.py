"""What should stand in an office system about a to-do, and what differs: pure."""
