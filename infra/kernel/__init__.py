"""What has no I/O: aggregates, events, errors, the clock, settings, logs and metrics, days and trees.

Every other room stands on this one; it knows none of them.
"""
