"""The operator's commands (``brandmatrix …``): run, load, doctor, parked, replay, audit. No service imports them."""
