"""The ways out of notify behind one port: office systems, each vendor one file below ``vendors``, and mail."""
