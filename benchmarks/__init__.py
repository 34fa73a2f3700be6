"""How fast the software is on a large town: ``python -m benchmarks`` (``make bench``); see docs/performance.md."""
