"""The settings of an installation, the presets of a town, the letters. Imports nothing of ours."""
