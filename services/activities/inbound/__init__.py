"""What other departments send, what the rules make of it, and its effects."""
