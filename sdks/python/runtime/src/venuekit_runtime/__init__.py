"""The runtime under every Python SDK that venuekit emits; SDKs import its modules by name."""

__version__ = "0.1.0"
