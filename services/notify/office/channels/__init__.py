"""The ways out of notify: office systems with their to-do lists, and mail. Each vendor is one file behind one port."""
