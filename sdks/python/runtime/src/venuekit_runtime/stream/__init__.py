"""Streams: a sans-I/O session that decides, a WebSocket that carries, and books rebuilt exactly."""
