"""HTTP of brands: writing, versions, the ledger of plaques, the matrix."""
