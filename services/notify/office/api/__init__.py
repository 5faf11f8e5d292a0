"""HTTP of the office systems: deliveries and drift for those who keep them; the vendors' callbacks."""
