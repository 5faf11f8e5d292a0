"""What is published, as data: shapes with examples, compared with what every reader expects."""
