"""Intake of HR's records, runs of lists, holds of mass losses, proposals and their confirmation."""
