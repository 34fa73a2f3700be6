"""The way in for the clock: what is due goes out, once."""
