"""Meridian, the reference venue."""
