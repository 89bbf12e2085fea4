"""Emitters: contract in, files of one language out; siblings that never import each other."""
