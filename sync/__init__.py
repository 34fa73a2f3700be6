"""The tables: their definitions, the local store, the remotes and reconciliation with them."""
