"""The runtime under every Python SDK that venuekit emits."""
