"""Brands: their texts and versions, the matrix, plaques and the ledger."""
