"""The images, and the whole system in containers: ``make containers``."""
