"""The ways out of notify behind one port: office systems, each vendor one file below ``oa_vendors``, and mail."""
