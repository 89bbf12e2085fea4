"""Documents to contract: OpenAPI and AsyncAPI, judged, read and joined."""

from venuekit.load.loading import Loaded, load

__all__ = ["Loaded", "load"]
