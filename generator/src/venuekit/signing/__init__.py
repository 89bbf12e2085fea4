"""Signing schemes at work: interpreter, vectors, explanation and verifier, all pure."""
