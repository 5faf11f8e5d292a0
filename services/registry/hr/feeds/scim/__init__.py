"""SCIM 2.0 (RFC 7643, RFC 7644): an identity system keeps people and departments here, and HR's intake takes it.

The protocol is scim2-server's; ours are the storage, who may ask, and what a change means for HR's records.
"""
