"""Emits signers: one class per scheme, straight-line code that a reader can audit."""
