"""The settings of an installation, the presets of a town, the templates of its letters. Imports nothing of ours."""
