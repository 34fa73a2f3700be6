"""The tables: their definitions, the local store, and later the remotes and their reconciliation."""
