"""Servers, services and demo tokens on one machine, for ``make run`` and the tests. No service imports them."""
