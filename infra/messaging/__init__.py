"""RabbitMQ: the only room that knows FastStream and aio-pika.

What is published leaves by the outbox, with confirm; what is consumed is acknowledged, retried later, or parked.
"""
