"""Runs signing vectors through every engine: interpreter, emitted signers and verifier."""
