"""What is asked of brands and of the activities that count for them."""
