"""The counter: what can be asked and done. The only door to records; every call takes a Visit."""
