"""MongoDB: the only room that knows the driver.

One decision, one document, one write (``store``); mirrors and what never changes (``collections``); leases.
"""
