"""Proof that the system works, on real RabbitMQ and real MongoDB."""
