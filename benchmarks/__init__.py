"""How fast the software is on a large town (``make bench``); see docs/performance.md."""
