"""The engine: commands in, events out. No I/O, no clock, no randomness."""

from meridian_server.engine.engine import Engine, EngineError

__all__ = ["Engine", "EngineError"]
