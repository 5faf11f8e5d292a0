"""Delivery to office systems and mail, and the reconciliation with what stands there."""
